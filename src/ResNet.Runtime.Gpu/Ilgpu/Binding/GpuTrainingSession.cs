namespace ResNet.Runtime.Gpu.Binding;

sealed class GpuTrainingSession : DeviceTrainingSession
{
    public GpuTrainingSession(IlgpuBackend backend, Network network, Parameters parameters, ulong seed) => throw new NotImplementedException();
    public override Span<float> Gradients => throw new NotImplementedException();
    public override StepResult Run(in LabelledImages batch) => throw new NotImplementedException();
    public override void Dispose() => throw new NotImplementedException();
}
