using Microsoft.ML.OnnxRuntime;
using ResNet.Peers.Onnx;
using ResNet.Runtime;

namespace ResNet.Peers.Contenders;

/// <summary>Forward passes of ONNX Runtime on the processor.</summary>
sealed class OnnxInference : IContender
{
    readonly InferenceSession _session;
    readonly RunOptions _options = new();
    readonly OrtValue _images, _logits;

    public OnnxInference(Parameters parameters, Workload workload)
    {
        // What is not set is ONNX Runtime's default; so its threads spin between the layers, and for a while after each pass.
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = workload.Threads,
            InterOpNumThreads = 1,
        };
        _session = new(OnnxModel.Write(parameters, workload.Batch), options);
        Result = new float[workload.Batch * workload.Classes];
        // Values that stay where they are: no copies are measured.
        _images = OrtValue.CreateTensorValueFromMemory(workload.Images, [workload.Batch, .. workload.InputShape]);
        _logits = OrtValue.CreateTensorValueFromMemory(Result, [workload.Batch, workload.Classes]);
    }

    public string Program => Programs.OnnxRuntime;

    public string Variant => "";

    public float[] Result { get; }

    public void Run() => _session.Run(_options, _session.InputNames, [_images], _session.OutputNames, [_logits]);

    public void Dispose()
    {
        _images.Dispose();
        _logits.Dispose();
        _options.Dispose();
        _session.Dispose();
    }
}
