using ResNet.Generators.Planning;

namespace ResNet.Generators.Emitting;

/// <summary>A loop around the code that is being written. Its variable is the index of the iteration's first layer.</summary>
sealed class LoopScope(IterationRange range, LoopScope? outer)
{
    int Depth => outer is null ? 1 : outer.Depth + 1;

    string Variable => Depth == 1 ? "at" : "at" + Text.Of(Depth);

    /// <summary>The statement that opens the loop.</summary>
    public string Head => range.Stride == 0
        // Iterations without layers, which add a value to itself: there is no index that would count them.
        ? $"for (var {Variable} = 0; {Variable} < {Text.Of(range.Count)}; {Variable}++)"
        : $"for (var {Variable} = {Index(range.Start, outer)}; {Variable} < {Index(range.End, outer)}; {Variable} += {Text.Of(range.Stride)})";

    /// <summary>The index of a layer, given for the first iteration of all loops around.</summary>
    public static string Index(int index, LoopScope? scope) => scope is null ? Text.Of(index) : scope.Index(index);

    /// <summary>The index of a layer that the next iteration has, where the last iteration has another.</summary>
    public string Next(int index, int behindLast) =>
        $"{Variable} < {Index(range.End - range.Stride, outer)} ? {Index(index)} : {Index(behindLast, outer)}";

    /// <summary>Parameters of a method that stands for code within the loops.</summary>
    public static string Parameters(LoopScope? scope) =>
        scope is null ? "" : $"{Parameters(scope.Outer)}, int {scope.Variable}";

    /// <summary>What such a method is called with.</summary>
    public static string Arguments(LoopScope? scope) =>
        scope is null ? "" : $"{Arguments(scope.Outer)}, {scope.Variable}";

    LoopScope? Outer => outer;

    string Index(int index) => (index - range.Start) switch
    {
        0 => Variable,
        > 0 and var offset => $"{Variable} + {Text.Of(offset)}",
        var offset => $"{Variable} - {Text.Of(-offset)}",
    };
}
