namespace ResNet.Dsl;

/// <summary>One row of a <see cref="NetworkSummary"/>: a layer, or a unit or a run of units folded into one.</summary>
/// <param name="Index">Position of the layer, or of the first of several, in the order of execution.</param>
/// <param name="Name">Full name; <c>layer1.1 … layer1.2</c> for a run of units.</param>
/// <param name="Kind">Its operation, as in the papers' tables: <c>7×7, 64, stride 2</c>.</param>
/// <param name="Output">Shape of its output per image.</param>
/// <param name="Parameters">Number of trained parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds per image, of convolutions and dense layers.</param>
public sealed record SummaryRow(int Index, string Name, string Kind, Shape Output, long Parameters, long MultiplyAdds);
