using ILGPU.Runtime;
using ResNet.Runtime.Gpu.Binding;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>On a graphics device, which executes the program once, and the operations that it has noted at every step.</summary>
sealed class RecordedGpuTraining : RecordedTraining
{
    public RecordedGpuTraining(Network network, ulong seed) : base(network) =>
        Session = network.Device.CreateTrainingSession(Network, network.Parameters, seed);

    protected override DeviceTrainingSession Session { get; }

    protected override void Look(TrainingPass run, int slot, Queue<float[]> seen)
    {
        var binder = (TrainingBinder)run;
        var shape = binder.ShapeIn(slot);
        binder.Steps.Add(new(new("look"), workspace =>
        {
            var nhwc = new float[(int)(workspace.Batch * shape.Elements)];
            workspace[slot].CopyToCPU(workspace.Backend.Stream, ref nhwc[0], nhwc.Length);
            var nchw = new float[nhwc.Length];
            var (pixels, channels) = (shape.Height * shape.Width, shape.Channels);
            for (var i = 0; i < nhwc.Length; i++)
                nchw[(i / (channels * pixels) * channels + i % channels) * pixels + i / channels % pixels] = nhwc[i];
            seen.Enqueue(nchw);
        }));
    }
}
