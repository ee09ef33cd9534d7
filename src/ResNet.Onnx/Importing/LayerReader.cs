using ResNet.Dsl;

namespace ResNet.Onnx.Importing;

/// <summary>Reads the nodes of chains as layers, in their order.</summary>
/// <param name="graph">The model's graph.</param>
/// <param name="values">Receives the parameters of layers, by full name.</param>
sealed class LayerReader(OnnxGraph graph, Dictionary<string, float[]> values)
{
    readonly NodeReader _nodes = new(graph.Batch, new());

    /// <summary>Reads the chain of the whole network, which may end with a softmax.</summary>
    /// <param name="chain">The nodes.</param>
    /// <exception cref="OnnxException">Networks have no such node.</exception>
    public Sequence Read(IReadOnlyList<ChainStep> chain) => Read(chain, graph.InputShape, isWhole: true).Layers;

    (Sequence Layers, Shape Output) Read(IReadOnlyList<ChainStep> chain, Shape input, bool isWhole)
    {
        var layers = new List<Layer>();
        var shape = input;
        for (int i = 0, nodes; i < chain.Count; i += nodes)
        {
            try
            {
                (var read, nodes) = isWhole && i == chain.Count - 1 && chain[i].Node.Type == "Softmax" ? (ReadSoftmax(chain[i].Node, shape), 1) : ReadNext(chain, i, shape);
                if (read.Layer is not { } layer) continue;
                layers.Add(layer);
                shape = new NetworkDefinition("", shape, new("", new([layer]))).Output;
                foreach (var (name, numbers) in read.Values) values.Add($"{layer.Name}.{name}", numbers);
            }
            catch (NetworkException e)
            {
                throw chain[i].Node.Wrong(e.Message);
            }
        }
        return (new("", new(layers)), shape);
    }

    /// <summary>Reads the layer that one node or several in a row make.</summary>
    /// <returns>The layer, and how many nodes it takes.</returns>
    (ReadLayer Layer, int Nodes) ReadNext(IReadOnlyList<ChainStep> chain, int at, Shape input)
    {
        var node = chain[at].Node;
        var next = chain.ElementAtOrDefault(at + 1)?.Node;
        if (chain[at].Branches.Count > 0)
            return next?.Type == "Relu" ? (ReadUnit(chain[at], input, new("", new([new Relu("relu")]))), 2) : (ReadUnit(chain[at], input, Sequence.Empty), 1);
        if (node.Type is "Slice" || node.Type is "Pad" && ShortcutReader.AddsChannels(node))
            return ShortcutReader.Read([.. chain.Skip(at).Select(step => step.Node)], input);
        if (node.Type is "Pad")
            return next is { Type: "Conv", Computed.Count: 1 }
                ? (_nodes.Read(next, input, ShortcutReader.ReadPaddingOfMaps(node)), 2)
                : throw node.Wrong($"padding {(next is null ? "at the end of a branch" : $"before {next.Title}")}; expected a convolution after it, which can pad itself");
        if (node.Type is "MatMul" && next is { Type: "Add", Computed.Count: 1 } && _nodes.TryReadBiased(node, next, input) is { } dense) return (dense, 2);
        return (_nodes.Read(node, input, padding: [0, 0, 0, 0]), 1);
    }

    ReadLayer ReadUnit(ChainStep step, Shape input, Sequence activation)
    {
        var node = step.Node;
        if (node.Type is not ("Add" or "Mul")) throw node.Wrong("it joins two computed values; expected Add or Mul");
        var (one, oneShape) = Read(step.Branches[0], input, isWhole: false);
        var (other, otherShape) = Read(step.Branches[1], input, isWhole: false);
        if (oneShape != otherShape) throw node.Wrong($"it joins values of {oneShape} and {otherShape}; expected the same shape");
        var (main, shortcut) = one.Layers.Count >= other.Layers.Count ? (one, other) : (other, one);
        if (main.Layers.Count == 0) throw node.Wrong("it joins a value with itself");
        return new(new Residual("", main, shortcut, activation, node.Type == "Add" ? Merge.Sum : Merge.Product));
    }

    /// <summary>A classifier's scores are its logits: probabilities are made of them where they are wanted.</summary>
    ReadLayer ReadSoftmax(OnnxNode node, Shape input)
    {
        var axis = node.Int("axis", graph.Opset >= 13 ? -1 : 1);
        return axis is 1 or -3 || axis == -1 && input.IsVector
            ? new((Layer?)null)
            : throw node.Wrong($"it goes over axis {axis} of {input}; expected 1, the classes");
    }
}
