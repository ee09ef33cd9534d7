using ILGPU;
using ResNet.Dsl;
using ResNet.Runtime.Gpu.Driver;
using ResNet.Runtime.Gpu.Kernels;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Binding;

/// <summary>Maps the operations of a program to launches of kernels.</summary>
/// <param name="device">The device.</param>
/// <param name="program">Receives the launches.</param>
/// <param name="parameters">The parameters of the network.</param>
/// <param name="weights">The trained parameters in the device's memory.</param>
/// <param name="training">The values of a training step that are no activations; null for a forward pass.</param>
sealed partial class GpuBinder(IlgpuDevice device, GpuProgram program, Parameters parameters, Func<ParameterTensor, ArrayView<float>> weights, TrainingContext? training)
{
    /// <summary>Binds a forward pass, with the weights packed and the normalizations folded.</summary>
    /// <param name="device">The device.</param>
    /// <param name="source">The forward pass.</param>
    /// <param name="parameters">The parameters, as of now.</param>
    public static GpuProgram BindInference(IlgpuDevice device, BoundProgram source, Parameters parameters)
    {
        using var trained = device.Upload(parameters.ReadTrained());
        var program = new GpuProgram(source);
        try
        {
            new GpuBinder(device, program, parameters, tensor => trained.View.SubView(tensor.Offset), training: null).Bind();
            device.Stream.Synchronize();
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Binds a training step, which reads the parameters anew each time.</summary>
    /// <param name="device">The device.</param>
    /// <param name="source">The training step.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="training">The values of the step that are no activations.</param>
    public static GpuProgram BindTraining(IlgpuDevice device, BoundProgram source, Parameters parameters, TrainingContext training)
    {
        var program = new GpuProgram(source);
        try
        {
            new GpuBinder(device, program, parameters, training.Parameters.Values, training).Bind();
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    void Bind()
    {
        foreach (var operation in program.Source.Operations)
        {
            if (operation is EvaluateLoss) program.BeginLoss();
            if (operation is OfferTap tap)
                program.Taps.Add(new(program.Steps.Count, tap.Key, tap.Value.Shape.Elements, Shared.HandOut(device, tap.Operation, tap.Value, program.OutputSize)));
            else
                program.Steps.AddRange(Bind(operation));
        }
    }

    IEnumerable<GpuStep> Bind(BoundOperation operation) => operation switch
    {
        ReadInput input => [Shared.Input(device, input.Output)],
        Convolve convolve => [training is null ? BindPacked(convolve) : BindUnpacked(convolve)],
        ApplyEpilogue apply => [Apply(apply.Operation, apply.Input, apply.Output, apply.Then, norm: null)],
        Transform { Row.Layer.ActsInTrainingAlone: true } drop => [Drop(drop.Operation, drop.Row, drop.Input, drop.Output, accumulate: false)],
        Transform transform => [Shared.Transform(device, transform)],
        MultiplyValues product => [Combine(product.Operation, ElementWise.Multiply, product.Left, product.Right, product.Output, product.Accumulate)],
        WriteOutput output => [Shared.HandOut(device, output.Operation, output.Value, program.OffsetOf(output))],
        Normalize normalize => Bind(normalize),
        EvaluateLoss loss => [Bind(loss)],
        ConvolveBackward convolve => Bind(convolve),
        NormalizeBackward normalize => [Bind(normalize)],
        RectifyBackward rectify => [Pass(rectify.Operation, ElementWise.ReluBackward, rectify.Rectified, rectify.Gradient, accumulate: false)],
        PassGradient pass => [Pass(pass.Operation, ElementWise.Pass, pass.From, pass.To, pass.Accumulate)],
        TransformBackward transform => [Bind(transform)],
        _ => throw new NotSupportedException($"Graphics devices have no kernel for {operation}"),
    };

    /// <summary>A convolution whose weights stay as they are.</summary>
    GpuStep BindPacked(Convolve convolve)
    {
        var (row, then) = (convolve.Row, convolve.Then);
        var bias = parameters.TryGetValue(row.Index, ParameterKind.Bias, out var own) ? own.Read() : default;
        var folded = then.InnerNorm is { } norm ? FoldedNorm.Of(parameters, norm, bias) : (FoldedNorm?)null;
        var launcher = ConvolutionLauncher.Of(device, row);
        var packed = Keep(device.Allocate<float>(launcher.PackedLength));
        var unpacked = weights(parameters[row.Index, ParameterKind.Weight]);
        if (folded is { } scaled)
        {
            using var scale = device.Upload(scaled.Scale);
            launcher.Pack(unpacked, packed, scale.View);
            device.Stream.Synchronize();
        }
        else
        {
            launcher.Pack(unpacked, packed);
        }
        var shift = folded is { } with ? Upload(with.Shift) : bias.IsEmpty ? (ArrayView<float>?)null : Upload(bias);
        var epilogue = Epilogue(then.WithoutInnerNorm(), convolve.Output);
        return new(convolve.Operation, w =>
        {
            var arguments = epilogue(w);
            if (shift is { } view)
            {
                arguments.InnerShift = view;
                arguments.Steps |= EpilogueSteps.InnerShift;
            }
            launcher.Forward(w.Batch, w[convolve.Input], packed, arguments);
        }, Algorithm: launcher.ForwardAlgorithm);
    }

    /// <summary>An epilogue by itself, after a training step's normalization where there is one.</summary>
    GpuStep Apply(Operation operation, BoundValue input, BoundValue output, BoundEpilogue then, NormLauncher? norm)
    {
        var shape = input.Shape;
        var epilogue = Epilogue(then, output);
        var kernel = device.PerValue<ElementWise.Applying>(ElementWise.Apply);
        return new(operation, w =>
        {
            var arguments = epilogue(w);
            if (norm is not null)
            {
                (arguments.InnerScale, arguments.InnerShift) = (norm.Factor, norm.Shift);
                arguments.Steps |= EpilogueSteps.InnerScale | EpilogueSteps.InnerShift;
            }
            Shared.Each(w, shape, count => kernel(count, new() { Input = w[input], Epilogue = arguments, Images = Shared.Images(shape), Count = count }));
        });
    }

    /// <summary>Makes the arguments of an epilogue; the memory of the slots is known only when it runs.</summary>
    Func<Workspace, EpilogueArguments> Epilogue(BoundEpilogue then, BoundValue output)
    {
        var inner = Fold(then.InnerNorm);
        var outer = Fold(then.OuterNorm);
        return workspace =>
        {
            var arguments = Epilogues.Of(then, workspace, output);
            if (inner is { } first)
            {
                (arguments.InnerScale, arguments.InnerShift) = first;
                arguments.Steps |= EpilogueSteps.InnerScale | EpilogueSteps.InnerShift;
            }
            if (outer is { } last)
            {
                (arguments.OuterScale, arguments.OuterShift) = last;
                arguments.Steps |= EpilogueSteps.OuterNorm;
            }
            return arguments;
        };
    }

    (ArrayView<float> Scale, ArrayView<float> Shift)? Fold(int? norm)
    {
        if (norm is not { } layer) return null;
        var folded = FoldedNorm.Of(parameters, layer);
        return (Upload(folded.Scale), Upload(folded.Shift));
    }

    ArrayView<float> Upload(ReadOnlySpan<float> values) => Keep(device.Upload(values));

    ArrayView<float> Keep(GpuBuffer<float> buffer)
    {
        program.Owned.Add(buffer);
        return buffer.View;
    }
}
