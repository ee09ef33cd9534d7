using System.Text.RegularExpressions;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// The instructions of a PTX kernel's loop: those from which control can come back to them. Blocks may stand in any order, so
/// that what lies between two labels says nothing.
/// </summary>
static partial class PtxLoop
{
    /// <summary>The instructions of the largest loop, without predicates; empty if there is none.</summary>
    public static IReadOnlyList<string> Of(string ptx)
    {
        var lines = ptx.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        var labels = new Dictionary<string, int>();
        for (var i = 0; i < lines.Length; i++)
            if (Label().Match(lines[i]) is { Success: true } label) labels.Add(label.Groups[1].Value, i);
        var components = Components(lines.Length, i => Next(lines, labels, i));
        return [.. components.MaxBy(component => component.Count)!.Order().Select(i => Predicate().Replace(lines[i], "")).Where(line => !Label().IsMatch(line))];
    }

    static IEnumerable<int> Next(string[] lines, Dictionary<string, int> labels, int i)
    {
        var branch = Branch().Match(lines[i]);
        if (branch.Success) yield return labels[branch.Groups["to"].Value];
        // A predicate lets control pass, too.
        var isEnd = branch.Success ? !branch.Groups["if"].Success : lines[i] is "ret;" or "}";
        if (!isEnd && i + 1 < lines.Length) yield return i + 1;
    }

    /// <summary>Strongly connected components (Tarjan 1972), without recursion: kernels are long.</summary>
    static List<List<int>> Components(int count, Func<int, IEnumerable<int>> next)
    {
        var (order, low, open) = (new int[count], new int[count], new bool[count]);
        var (stack, components, time) = (new Stack<int>(), new List<List<int>>(), 0);
        for (var root = 0; root < count; root++)
        {
            if (order[root] != 0) continue;
            var path = new Stack<(int Node, IEnumerator<int> Next)>();
            Enter(root);
            while (path.TryPeek(out var top))
            {
                if (top.Next.MoveNext())
                {
                    var to = top.Next.Current;
                    if (order[to] == 0) Enter(to);
                    else if (open[to]) low[top.Node] = Math.Min(low[top.Node], order[to]);
                    continue;
                }
                path.Pop();
                if (path.TryPeek(out var parent)) low[parent.Node] = Math.Min(low[parent.Node], low[top.Node]);
                if (low[top.Node] == order[top.Node]) components.Add(Close(top.Node));
            }

            void Enter(int node)
            {
                order[node] = low[node] = ++time;
                stack.Push(node);
                open[node] = true;
                path.Push((node, next(node).GetEnumerator()));
            }
        }
        return components;

        List<int> Close(int node)
        {
            var component = new List<int>();
            int member;
            do
            {
                member = stack.Pop();
                open[member] = false;
                component.Add(member);
            }
            while (member != node);
            return component;
        }
    }

    [GeneratedRegex(@"^(\$?\w+):$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^(?<if>@!?\S+\s+)?bra(\.uni)?\s+(?<to>\$?\w+);")]
    private static partial Regex Branch();

    [GeneratedRegex(@"^@!?\S+\s+")]
    private static partial Regex Predicate();
}
