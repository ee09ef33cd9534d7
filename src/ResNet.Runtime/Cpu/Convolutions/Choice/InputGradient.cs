using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Convolutions.Choice;

/// <summary>
/// The gradient of a convolution's input: a convolution of the output's gradient with the flipped weights, input and output
/// channels exchanged. Behind a stride, each of the stride² phases of the input's pixels meets taps of its own and is a
/// convolution of stride 1 by itself, so that no product is wasted.
/// </summary>
sealed class InputGradient : IDisposable
{
    const int Lanes = ActivationLayout.BlockLanes;

    readonly record struct Phase(int Row, int Column, Convolution Convolution);

    readonly int _stride;
    readonly Phase[] _phases;
    readonly (int Row, int Column)[] _untouched;

    /// <param name="forward">Sizes of the convolution.</param>
    /// <param name="gradient">The layout of the gradient of its output: with the halo that <see cref="Correlation.InputGradientBorder"/> says.</param>
    /// <param name="choice">Chooses the algorithms.</param>
    public InputGradient(in ConvGeometry forward, in ActivationLayout gradient, ConvolutionChoice choice)
    {
        forward.Validate();
        _stride = forward.Stride;
        var (touched, others) = (new List<Phase>(), new List<(int, int)>());
        foreach (var (row, column) in Correlation.InputPhases(forward))
        {
            var correlation = Correlation.InputGradient(forward, row, column);
            if (correlation.Taps == 0) others.Add((row, column));
            else touched.Add(new(row, column, choice.Make(correlation, gradient)));
        }
        (_phases, _untouched) = ([.. touched], [.. others]);
    }

    /// <summary>The algorithm, as text for people.</summary>
    public string Algorithm => _phases switch
    {
        [] => "",
        [var phase] => phase.Convolution.Algorithm,
        [.., var largest] => $"{largest.Convolution.Algorithm}, {_phases.Length} phases",
    };

    /// <summary>Floats of scratch memory that <see cref="Run"/> needs, all parts together.</summary>
    public long ScratchLength(int batch, int parts) =>
        _phases.Length == 0 ? 0 : _phases.Max(phase => phase.Convolution.ScratchLength(batch, parts));

    /// <summary>Floats of the packed weights.</summary>
    public long PackedLength => _phases.Sum(phase => Aligned(phase.Convolution.PackedLength));

    /// <inheritdoc cref="Convolution.PackInto"/>
    public unsafe void PackInto(float* memory)
    {
        foreach (var phase in _phases)
        {
            phase.Convolution.PackInto(memory);
            memory += Aligned(phase.Convolution.PackedLength);
        }
    }

    /// <summary>Packs the weights; see <see cref="Convolution.Pack"/>.</summary>
    /// <param name="weights">The convolution's, [OutChannels, InChannels / Groups, Kernel, Kernel].</param>
    /// <param name="part">Which of <paramref name="parts"/> to pack.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public void Pack(ReadOnlySpan<float> weights, int part, int parts)
    {
        foreach (var phase in _phases) phase.Convolution.Pack(weights, scale: [], bias: [], part, parts);
    }

    /// <summary>Computes one of several parts.</summary>
    /// <param name="gradient">The gradient of the output.</param>
    /// <param name="target">The gradient of the input, NCHW16c of any halo.</param>
    /// <param name="accumulate">Whether to add to what stands in the target.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    /// <param name="batch">Images.</param>
    /// <param name="part">Which part to compute.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public unsafe void Run(FeatureMaps gradient, FeatureMaps target, bool accumulate, float* scratch, int batch, int part, int parts)
    {
        foreach (var phase in _phases)
        {
            var pixels = target.Every(_stride, phase.Row, phase.Column);
            phase.Convolution.Run(gradient, pixels, accumulate ? new() { Residual = pixels } : new(), scratch, batch, part, parts);
        }
        var (first, end) = WorkSplit.Slice(batch * target.Layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, target.Layout.Height))
            target.ClearHalo(strip.Image, 0, target.Layout.Blocks, strip.FirstRow, strip.EndRow);
        if (accumulate) return;
        foreach (var (row, column) in _untouched) Clear(target.Every(_stride, row, column), batch, part, parts);
    }

    public void Dispose()
    {
        foreach (var phase in _phases) phase.Convolution.Dispose();
    }

    static nint Aligned(long floats) => (nint)((floats + Lanes - 1) / Lanes * Lanes);

    /// <summary>A stride larger than its kernel leaves pixels without any product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static unsafe void Clear(FeatureMaps pixels, int batch, int part, int parts)
    {
        var layout = pixels.Layout;
        var (first, end) = WorkSplit.Slice(batch * layout.Height, part, parts);
        foreach (var strip in new ImageStrips(first, end, layout.Height))
            for (var block = 0; block < layout.Blocks; block++)
                for (var y = strip.FirstRow; y < strip.EndRow; y++)
                {
                    var row = pixels.At(strip.Image, block, y, 0);
                    for (var x = 0; x < layout.Width; x++) Vector512<float>.Zero.Store(row + x * layout.PixelStride);
                }
    }
}
