namespace ResNet.Runtime.Programs;

/// <summary>
/// Lets a training step offer the values of outputs and the gradients of the loss by the values of outputs, as taps. The gradient that an output's own loss writes
/// (zeros where it has none) is what all others are added to, so it is whole when the backward pass first reads it, and changed in place
/// from then on.
/// </summary>
static class OfferedOutputs
{
    /// <summary>Inserts taps of gradients, each under the number of its output.</summary>
    /// <param name="program">A training step.</param>
    /// <param name="outputs">Numbers of the outputs in <see cref="Dsl.NetworkDefinition.Outputs"/>.</param>
    /// <exception cref="ArgumentException">No parameter has any influence on an output, so that the step goes back to none of its values.</exception>
    public static BoundProgram InsertGradients(BoundProgram program, IReadOnlyCollection<int> outputs)
    {
        if (outputs.Count == 0) return program;
        var operations = program.Operations.ToList();
        var losses = operations.OfType<EvaluateLoss>().ToList();
        foreach (var output in outputs)
        {
            // Of outputs that give the same value, the last one's gradient takes those of the others.
            var value = losses.First(loss => loss.Output == output).Logits;
            var gradient = losses.Last(loss => loss.Logits == value).Gradient;
            var reader = operations.FindIndex(operation => Reads(operation, gradient));
            // Nothing goes on from the gradient of the image.
            if (reader < 0) reader = operations.FindLastIndex(operation => AddsTo(operation, gradient)) + 1;
            if (reader == 0)
                throw new ArgumentException($"No parameter has any influence on the output \"{program.Outputs[output].Name}\", so there is no gradient by it");
            operations.Insert(reader, new OfferTap(output, $"gradient of {program.Outputs[output].Name}", gradient));
        }
        return program with { Operations = operations };
    }

    /// <summary>Inserts taps of the values of all outputs before the first loss, under the numbers of the outputs, after those of the gradients.</summary>
    /// <param name="program">A training step.</param>
    public static BoundProgram InsertValues(BoundProgram program)
    {
        var operations = program.Operations.ToList();
        var losses = operations.OfType<EvaluateLoss>().ToList();
        operations.InsertRange(operations.IndexOf(losses[0]), losses.Select(loss =>
            new OfferTap(program.Outputs.Count + loss.Output, program.Outputs[loss.Output].Name, loss.Logits)));
        return program with { Operations = operations };
    }

    /// <summary>Whether an operation continues from a gradient and does not add to it.</summary>
    static bool Reads(BoundOperation operation, BoundValue gradient) => operation switch
    {
        ConvolveBackward backward => backward.Gradient == gradient,
        NormalizeBackward backward => backward.Gradient == gradient,
        RectifyBackward backward => backward.Gradient == gradient,
        TransformBackward backward => backward.Gradient == gradient,
        PassGradient pass => pass.From == gradient,
        MultiplyValues product => product.Left == gradient || product.Right == gradient,
        _ => false,
    };

    /// <summary>Whether an operation adds to a gradient.</summary>
    static bool AddsTo(BoundOperation operation, BoundValue gradient) => operation switch
    {
        ConvolveBackward backward => backward.Target == gradient,
        NormalizeBackward backward => backward.Target == gradient,
        TransformBackward backward => backward.Target == gradient,
        PassGradient pass => pass.To == gradient,
        MultiplyValues product => product.Output == gradient,
        _ => false,
    };
}
