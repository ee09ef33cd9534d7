namespace ResNet.Onnx.Importing;

/// <summary>A step of a chain: a node, and for one that merges two values the two chains that lead to them.</summary>
/// <param name="Node">The node.</param>
/// <param name="Branches">The chains of a merge; none otherwise.</param>
sealed record ChainStep(OnnxNode Node, IReadOnlyList<IReadOnlyList<ChainStep>> Branches);

/// <summary>
/// Finds chains and residual units in a graph, from the output backward: where two computed values are merged, the unit begins at the last value that all paths to both
/// go through.
/// </summary>
/// <param name="graph">The graph.</param>
sealed class GraphParser(OnnxGraph graph)
{
    // Units within branches of units; the deepest of published networks is three.
    const int DeepestUnit = 64;

    readonly HashSet<OnnxNode> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the chain from the images to a value.</summary>
    /// <exception cref="OnnxException">The graph is made of more than chains and units.</exception>
    public IReadOnlyList<ChainStep> Parse(string output) => Parse(graph.Input, graph.Resolve(output), depth: 0);

    List<ChainStep> Parse(string from, string to, int depth)
    {
        var chain = new List<ChainStep>();
        while (to != from)
        {
            var node = graph.Producer(to);
            if (!_seen.Add(node)) throw node.Wrong("two branches have it in common, which residual units do not have");
            to = graph.DominatorOf(to);
            if (node.Computed.Count > 2) throw node.Wrong($"it joins {node.Computed.Count} computed values; expected one, or two that are added or multiplied");
            if (depth > DeepestUnit) throw node.Wrong($"units are within one another more than {DeepestUnit} deep");
            chain.Add(new(node, node.Computed is [var one, var other] ? [Parse(to, one, depth + 1), Parse(to, other, depth + 1)] : []));
        }
        chain.Reverse();
        return chain;
    }
}
