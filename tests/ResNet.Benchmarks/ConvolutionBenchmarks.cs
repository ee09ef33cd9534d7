using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu;

namespace ResNet.Benchmarks;

/// <summary>The convolutions in which ResNets spend their time, one image, one thread.</summary>
public class ConvolutionBenchmarks
{
    readonly List<IDisposable> owned = [];
    PackedConvolution convolution = null!;
    Activation input, output;

    [Params("3×3 64 at 56", "3×3 256 at 14", "3×3 512 at 7", "1×1 256→64 at 56", "1×1 512→2048 at 7", "3×3 32×4d at 28")]
    public string Layer { get; set; } = "";

    [GlobalSetup]
    public unsafe void Setup()
    {
        var geometry = Layer switch
        {
            "3×3 64 at 56" => new ConvGeometry(64, 64, 56, 56, 3, 1, 1),
            "3×3 256 at 14" => new ConvGeometry(256, 256, 14, 14, 3, 1, 1),
            "3×3 512 at 7" => new ConvGeometry(512, 512, 7, 7, 3, 1, 1),
            "1×1 256→64 at 56" => new ConvGeometry(256, 64, 56, 56),
            "1×1 512→2048 at 7" => new ConvGeometry(512, 2048, 7, 7),
            _ => new ConvGeometry(256, 256, 28, 28, 3, 1, 1, Groups: 32),
        };
        input = Allocate(ActivationLayout.Blocked(geometry.InChannels, geometry.InHeight, geometry.InWidth, geometry.Padding));
        output = Allocate(ActivationLayout.Blocked(geometry.OutChannels, geometry.OutHeight, geometry.OutWidth));
        owned.Add(convolution = new PackedConvolution(Correlation.Forward(geometry), input.Layout));
        var weights = new float[geometry.WeightCount];
        Array.Fill(weights, 0.01f);
        convolution.Pack(weights, default, default);

        Activation Allocate(ActivationLayout layout)
        {
            var buffer = new NativeBuffer(layout.SizeInFloats(1));
            owned.Add(buffer);
            return new(buffer.Data, layout);
        }
    }

    [Benchmark]
    public unsafe void Convolve() => convolution.Run(input, output, new Epilogue { Relu = true }, scratch: null, batch: 1, part: 0, parts: 1);

    [GlobalCleanup]
    public void Cleanup() => owned.ForEach(each => each.Dispose());
}
