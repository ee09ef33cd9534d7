using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>The values of a training step that are no activations.</summary>
/// <param name="Parameters">The parameters and their gradients in the device's memory.</param>
/// <param name="Losses">The losses at the outputs, and what they compare with.</param>
/// <param name="Step">Number of the step that runs.</param>
/// <param name="Seed">Seed of what layers drop.</param>
sealed record TrainingContext(DeviceParameters Parameters, LossMemory Losses, DeviceValues<long> Step, ulong Seed);

sealed partial class GpuBinder
{
    readonly Dictionary<int, NormLauncher> _norms = [];

    TrainingContext Training => training ?? throw new NotSupportedException("A forward pass has no operations of training");

    /// <summary>A convolution whose weights change with every step, and are packed where they are needed.</summary>
    GpuStep BindUnpacked(Convolve convolve)
    {
        var row = convolve.Row;
        var launcher = ConvolutionLauncher.Of(device, row);
        var weight = weights(parameters[row.Index, ParameterKind.Weight]);
        var bias = parameters.TryGetValue(row.Index, ParameterKind.Bias, out var tensor) ? tensor : null;
        return new(
            convolve.Operation,
            w =>
            {
                launcher.Pack(weight, w.Scratch);
                var epilogue = Epilogues.Plain(w[convolve.Output], row.Output);
                if (bias is not null)
                {
                    epilogue.InnerShift = weights(bias);
                    epilogue.Steps |= EpilogueSteps.InnerShift;
                }
                launcher.Forward(w.Batch, w[convolve.Input], w.Scratch, epilogue, isAligned: bias is null || bias.Offset % 4 == 0);
            },
            _ => launcher.PackedLength,
            launcher.ForwardAlgorithm);
    }

    IEnumerable<GpuStep> Bind(Normalize normalize)
    {
        var (row, input) = (normalize.Row, normalize.Input);
        // A second pass through the layer only computes its result again.
        if (!normalize.Again)
        {
            _norms.Add(row.Index, NormLauncher.Of(device, row, Training.Parameters, parameters));
            program.Owned.Add(_norms[row.Index]);
        }
        var norm = _norms[row.Index];
        return
        [
            new(normalize.Operation, w => norm.Prepare(w, w[input], normalize.Again), norm.ScratchLength),
            Apply(normalize.Operation, input, normalize.Output, normalize.Then, norm),
        ];
    }

    GpuStep Drop(Operation operation, LayerInstance row, BoundValue from, BoundValue to, bool accumulate)
    {
        var rule = DropRule.Of(row, parameters.Layers, Training.Seed);
        var step = Training.Step;
        var kernel = device.PerValue<ElementWise.Dropping>(ElementWise.Drop);
        return new(operation, w => Shared.Each(w, row.Input, count => kernel(count, new()
        {
            From = w[from],
            To = w[to],
            Images = Shared.Images(row.Input),
            Count = count,
            Key = rule.Random.Key,
            Span = new(rule.Span),
            Step = step.View,
            Threshold = (ulong)Math.Ceiling(rule.Rate * (1L << 53)),
            Growth = rule.Growth,
            Accumulate = accumulate ? 1 : 0,
        })));
    }
}
