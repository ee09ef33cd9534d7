using BenchmarkDotNet.Attributes;
using ResNet.Runtime;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Programs;

namespace ResNet.Benchmarks.Kernels;

/// <summary>A convolution and its gradients, one image, one thread.</summary>
public unsafe class ConvolutionBenchmarks
{
    readonly Memory memory = new();
    Convolution convolution = null!;
    InputGradient inputGradient = null!;
    WeightGradient weightGradient = null!;
    FeatureMaps input, output, gradient, target;
    float[] weights = [], weightGradients = [];
    float* scratch;

    [ParamsSource(nameof(Shapes))]
    public string Shape { get; set; } = "";

    public static IEnumerable<string> Shapes => ConvolutionShape.Names;

    [Params(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Automatic)]
    public ConvolutionAlgorithm Algorithm { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var g = ConvolutionShape.Find(Shape);
        var layout = g.InChannels < ActivationLayout.BlockLanes
            ? ActivationLayout.Compact(g.InChannels, g.InHeight, g.InWidth, g.Padding)
            : ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth, g.Padding);
        input = memory.FeatureMaps(layout);
        output = memory.FeatureMaps(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth));
        gradient = memory.FeatureMaps(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth, Correlation.InputGradientBorder(g)));
        target = memory.FeatureMaps(ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth));
        weights = memory.Values((int)g.WeightCount);
        weightGradients = new float[weights.Length];

        var choice = new ConvolutionChoice(Algorithm, Batch: 1, Parts: 1);
        convolution = memory.Own(choice.Make(Correlation.Forward(g), layout));
        inputGradient = memory.Own(new InputGradient(g, gradient.Layout, choice));
        weightGradient = choice.MakeWeightGradient(g, layout);
        scratch = memory.Floats(Math.Max(weightGradient.ScratchLength(1, 1), Math.Max(convolution.ScratchLength(1, 1), inputGradient.ScratchLength(1, 1))));
        Pack();
        inputGradient.Pack(weights, part: 0, parts: 1);
    }

    [Benchmark]
    public void Forward() => convolution.Run(input, output, new KernelEpilogue { Relu = true }, scratch, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GradientOfInput() => inputGradient.Run(gradient, target, accumulate: false, scratch, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GradientOfWeights()
    {
        weightGradient.Run(input, gradient, weightGradients, scratch, batch: 1, part: 0, parts: 1);
        weightGradient.Reduce(scratch, weightGradients, batch: 1, part: 0, parts: 1);
    }

    [Benchmark]
    public void Pack() => convolution.Pack(weights, scale: [], bias: []);

    [GlobalCleanup]
    public void Cleanup() => memory.Dispose();
}
