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
    readonly Memory _memory = new();
    Convolution _convolution = null!;
    InputGradient _inputGradient = null!;
    WeightGradient _weightGradient = null!;
    FeatureMaps _input, _output, _gradient, _target;
    float[] _weights = [], _weightGradients = [];
    float* _scratch;

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
        _input = _memory.FeatureMaps(layout);
        _output = _memory.FeatureMaps(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth));
        _gradient = _memory.FeatureMaps(ActivationLayout.Blocked(g.OutChannels, g.OutHeight, g.OutWidth, Correlation.InputGradientBorder(g)));
        _target = _memory.FeatureMaps(ActivationLayout.Blocked(g.InChannels, g.InHeight, g.InWidth));
        _weights = _memory.Values((int)g.WeightCount);
        _weightGradients = new float[_weights.Length];

        var choice = new ConvolutionChoice(Algorithm, Batch: 1, Parts: 1);
        _convolution = _memory.Own(choice.Make(Correlation.Forward(g), layout));
        _inputGradient = _memory.Own(new InputGradient(g, _gradient.Layout, choice));
        _weightGradient = choice.MakeWeightGradient(g, layout);
        _scratch = _memory.Floats(Math.Max(_weightGradient.ScratchLength(1, 1), Math.Max(_convolution.ScratchLength(1, 1), _inputGradient.ScratchLength(1, 1))));
        Pack();
        _inputGradient.Pack(_weights, part: 0, parts: 1);
    }

    [Benchmark]
    public void Forward() => _convolution.Run(_input, _output, new KernelEpilogue { Relu = true }, _scratch, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GradientOfInput() => _inputGradient.Run(_gradient, _target, accumulate: false, _scratch, batch: 1, part: 0, parts: 1);

    [Benchmark]
    public void GradientOfWeights()
    {
        _weightGradient.Run(_input, _gradient, _weightGradients, _scratch, batch: 1, part: 0, parts: 1);
        _weightGradient.Reduce(_scratch, _weightGradients, batch: 1, part: 0, parts: 1);
    }

    [Benchmark]
    public void Pack() => _convolution.Pack(_weights, scale: [], bias: []);

    [GlobalCleanup]
    public void Cleanup() => _memory.Dispose();
}
