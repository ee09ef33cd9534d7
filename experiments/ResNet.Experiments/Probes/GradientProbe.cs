using ResNet.Experiments.Networks;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Experiments.Probes;

/// <summary>
/// The gradient of the loss by the value x_l before each unit (He et al. 2016, section 2), and its two parts. Within a stage, where
/// x_L = x_l + ΣF, it is ∂L/∂x_l = ∂L/∂x_L · (1 + ∂ΣF/∂x_l): what the identity brings back unchanged from the stage's end, and the rest, which
/// came through the residual functions.
/// </summary>
/// <remarks>
/// The loss is that of a training step, with the batch's statistics. Norms are Euclidean, of the gradient of an image's loss, as root mean square over the
/// images. The identity's part is exact for pre-activation units; a ReLU after the addition, or a plain network, has no such part, and the column then
/// says how much the gradient would differ from it.
/// </remarks>
public sealed class GradientProbe : Probe
{
    /// <summary>Columns of the table.</summary>
    public const string Unit = "unit", Norm = "norm", Identity = "identity", Rest = "rest";

    const int Images = 32;

    /// <inheritdoc/>
    public override string Name => "gradients";

    /// <inheritdoc/>
    public override ProbeTable Measure(Network network, ImageDataset dataset, CancellationToken cancellationToken = default) => Measure(network, ProbeImages.Take(network, dataset, Images));

    /// <summary>Measures.</summary>
    /// <param name="network">A network of one of the papers' architectures.</param>
    /// <param name="images">The batch.</param>
    public static ProbeTable Measure(Network network, ProbeImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var gradients = Gradients(network, images);
        var rows = new List<double[]>();
        for (var unit = 0; unit < gradients.Count; unit++)
        {
            // The last value of the same shape is the stage's end.
            var end = gradients.Skip(unit).TakeWhile(gradient => gradient.Shape.SequenceEqual(gradients[unit].Shape)).Last();
            rows.Add([unit, NormOf(gradients[unit]), NormOf(end), NormOf(gradients[unit], end)]);
        }
        return new([Unit, Norm, Identity, Rest], rows);
    }

    /// <summary>The gradients of the batch's mean loss by x_0, x_1 … in order.</summary>
    public static IReadOnlyList<Tensor> Gradients(Network network, ProbeImages images)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        var definition = LayerTree.WithUnitOutputs(network.Definition);
        // All outputs but the last, which is the network's own.
        List<string> names = [.. definition.Outputs.SkipLast(1).Select(output => output.Name)];
        using var marked = LayerTree.Copy(network, definition);
        using var session = marked.CreateTrainingSession(new TrainingSessionOptions
        {
            Losses = { [definition.Outputs[^1].Name] = new SoftmaxCrossEntropy() },
            GradientsOf = names,
        });
        session.Run(images.Images.Data, [.. images.Labels]);
        return [.. names.Select(session.GradientOf)];
    }

    /// <summary>The norm of a gradient, or of the difference of two. The loss is the mean over the images: of each, its own is so many times as great.</summary>
    static double NormOf(Tensor gradient, Tensor? subtracted = null)
    {
        var squares = 0.0;
        for (var i = 0; i < gradient.Data.Length; i++)
        {
            var value = (double)gradient.Data[i] - (subtracted?.Data[i] ?? 0);
            squares += value * value;
        }
        return Math.Sqrt(squares * gradient.Shape[0]);
    }
}
