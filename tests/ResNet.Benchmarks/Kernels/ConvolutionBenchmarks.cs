using BenchmarkDotNet.Attributes;
using ResNet.Runtime.Cpu;
using ResNet.Runtime.Cpu.Training;

namespace ResNet.Benchmarks.Kernels;

/// <summary>A convolution and its gradients, one image, one thread.</summary>
public unsafe class ConvolutionBenchmarks
{
    readonly Memory memory = new();
    PackedConvolution convolution = null!;
    InputGradient inputGradient = null!;
    WeightGradient weightGradient = null!;
    Activation input, output, gradient, target;
    float[] weights = [], weightGradients = [];
    float* sums, scratch;

    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    public static IEnumerable<string> Shapes => ConvolutionShape.Names;

    [GlobalSetup]
    public void Setup()
    {
        var g = ConvolutionShape.Find(Shape);
        var layout = g.InChannels < ActivationLayout.BlockLanes
            ? ActivationLayout.Compact(g.InChannels, g.InHeight, g.InWidth, g.Padding)
            : ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth, g.Padding);
        input = memory.Activation(layout);
        output = memory.Activation(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth));
        gradient = memory.Activation(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth, InputGradient.Halo(g)));
        target = memory.Activation(ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth));
        weights = memory.Values((int)g.WeightCount);
        weightGradients = new float[weights.Length];

        convolution = memory.Own(new PackedConvolution(g, layout));
        inputGradient = memory.Own(new InputGradient(g, gradient.Layout));
        weightGradient = new(g, layout);
        sums = memory.Floats(weightGradient.SumsLength(parts: 1));
        scratch = memory.Floats(inputGradient.ScratchLength(batch: 1));
        Pack();
        inputGradient.Pack(weights, part: 0, parts: 1);
    }

    [Benchmark]
    public void Forward() => convolution.Run(input, output, new Epilogue { Relu = true }, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GradientOfInput()
    {
        inputGradient.Begin(gradient, target, accumulate: false, scratch, batch: 1, part: 0, parts: 1);
        inputGradient.Finish(target, accumulate: false, scratch, batch: 1, part: 0, parts: 1);
    }

    [Benchmark]
    public void GradientOfWeights()
    {
        weightGradient.Run(input, gradient, sums, batch: 1, part: 0, parts: 1);
        weightGradient.Reduce(sums, weightGradients, part: 0, parts: 1);
    }

    [Benchmark]
    public void Pack() => convolution.Pack(weights, scale: [], bias: []);

    [GlobalCleanup]
    public void Cleanup() => memory.Dispose();
}
