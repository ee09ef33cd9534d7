namespace ResNet.Runtime.Optimizers;

/// <summary>Neighboring values of <see cref="Parameters.ReadTrained"/> that are updated alike.</summary>
/// <param name="Start">Position of the first.</param>
/// <param name="Length">Number of values.</param>
/// <param name="RateFactor">The factor of the learning rate.</param>
/// <param name="WeightDecay">Weight decay.</param>
readonly record struct ParameterGroup(int Start, int Length, double RateFactor, double WeightDecay)
{
    /// <summary>Returns each tensor that is updated, with its group; an optimizer whose rates follow from tensors needs them.</summary>
    public static (ParameterTensor Tensor, ParameterGroup Group)[] Tensors(Parameters parameters, IEnumerable<ParameterGroup> groups) =>
    [
        .. groups.SelectMany(group => parameters.Tensors
            .Where(tensor => tensor.Info.IsTrained && tensor.Offset >= group.Start && tensor.Offset < group.Start + group.Length)
            .Select(tensor => (tensor, group))),
    ];
}
