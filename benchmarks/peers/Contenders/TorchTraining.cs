using ResNet.Peers.Torch;
using ResNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace ResNet.Peers.Contenders;

/// <summary>Training steps of TorchSharp: forward, cross-entropy, backward, stochastic gradient descent.</summary>
sealed class TorchTraining : IContender
{
    // What the trainer of this library has by default; as there, nothing is learned from random images, and the work is the same.
    const double LearningRate = 0, Momentum = 0.9, WeightDecay = 1e-4;

    readonly TorchNetwork _network;
    readonly Tensor _images, _labels;
    readonly TorchSharp.Modules.SGD _optimizer;

    public TorchTraining(Parameters parameters, Workload workload, bool isChannelsLast)
    {
        set_num_threads(workload.Threads);
        Variant = TorchTensors.FormatName(isChannelsLast);
        _network = new(parameters, isChannelsLast, isTraining: true);
        _images = TorchTensors.Of(workload.Images, [workload.Batch, .. workload.InputShape], isChannelsLast);
        _labels = tensor(workload.Labels, ScalarType.Int64);
        _optimizer = optim.SGD(_network.Trained, LearningRate, Momentum, weight_decay: WeightDecay);
    }

    public string Program => Programs.TorchSharp;

    public string Variant { get; }

    public float[] Result { get; private set; } = [];

    public void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(_network.Forward(_images), _labels);
        loss.backward();
        _optimizer.step();
        Result = [loss.item<float>()];
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _labels.Dispose();
        _images.Dispose();
        _network.Dispose();
    }
}
