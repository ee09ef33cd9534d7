using ResNet.Peers.Torch;
using ResNet.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace ResNet.Peers.Contenders;

/// <summary>Forward passes of TorchSharp, which computes each layer when it is called.</summary>
sealed class TorchInference : IContender
{
    readonly TorchNetwork _network;
    readonly Tensor _images;

    public TorchInference(Parameters parameters, Workload workload, bool isChannelsLast)
    {
        // One setting for the whole process; all that exist at a time have the same.
        set_num_threads(workload.Threads);
        Variant = TorchTensors.FormatName(isChannelsLast);
        _network = new(parameters, isChannelsLast, isTraining: false);
        _images = TorchTensors.Of(workload.Images, [workload.Batch, .. workload.InputShape], isChannelsLast);
        Result = new float[workload.Batch * workload.Classes];
    }

    public string Program => Programs.TorchSharp;

    public string Variant { get; }

    public float[] Result { get; }

    public void Run()
    {
        using var noGradients = inference_mode(true);
        using var scope = NewDisposeScope();
        _network.Forward(_images).data<float>().CopyTo(Result);
    }

    public void Dispose()
    {
        _images.Dispose();
        _network.Dispose();
    }
}
