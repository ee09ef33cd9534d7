using ResNet.Runtime.Cpu.Layers;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Cpu.Binding;

/// <summary>Executes a program with all workers, on some images of a batch at a time.</summary>
/// <param name="program">The program.</param>
/// <param name="workers">The threads that compute.</param>
sealed unsafe class CpuRun(CpuProgram program, CpuWorkers workers) : ICpuJob, IDisposable
{
    CpuStep? _step;
    int _phase;
    NativeBuffer? _scratch;
    int _reserved;

    /// <summary>Number of images that are computed at a time.</summary>
    public int Batch { get; private set; }

    /// <summary>The memory of the values.</summary>
    public Arena Arena { get; } = new(program.SlotSizes);

    /// <summary>Memory that each step may use while it runs.</summary>
    public float* Scratch => _scratch!.Data;

    /// <summary>Position of the first image in <see cref="Images"/> and <see cref="Output"/>.</summary>
    public int First { get; private set; }

    /// <summary>The whole batch: images × channels × height × width.</summary>
    public float* Images { get; set; }

    /// <summary>Number of images in <see cref="Images"/>.</summary>
    public int Total { get; set; }

    /// <summary>Receives the results of the whole batch, one output after another; null in training.</summary>
    public float* Output { get; set; }

    /// <summary>Receives the values of taps; null if none is asked for.</summary>
    public TapReceiver? Taps { get; set; }

    /// <summary>Takes the time of each operation; null if it is not asked for.</summary>
    public OperationClock? Clock { get; set; }

    /// <summary>Receives each parameter whose gradient is final; null if that is not asked for.</summary>
    public Action<ParameterTensor>? OnGradient { get; set; }

    /// <summary>The values that vary from training step to training step; null in inference.</summary>
    public CpuTrainingState? Training { get; init; }

    /// <summary>Number of the training step.</summary>
    public long Step => Training!.Step;

    /// <summary>The memory of a value.</summary>
    public FeatureMaps Of(CpuValue value) => Arena.Of(value);

    /// <summary>The gradient of a parameter.</summary>
    public Span<float> GradientOf(ParameterTensor parameter) => Training!.GradientOf(parameter);

    /// <summary>Executes the program.</summary>
    /// <param name="first">Position of the first image.</param>
    /// <param name="count">Number of images, for which there is room.</param>
    public void Execute(int first, int count) => Execute(first, count, ..);

    /// <summary>Executes a part of the program.</summary>
    /// <param name="first">Position of the first image.</param>
    /// <param name="count">Number of images, for which there is room.</param>
    /// <param name="steps">Which of the steps.</param>
    public void Execute(int first, int count, Range steps)
    {
        (First, Batch) = (first, count);
        foreach (var step in program.Steps.AsSpan(steps))
        {
            _step = step;
            for (_phase = 0; _phase < step.Phases; _phase++)
            {
                workers.Run(this, workers.Count);
                Clock?.Lap(step.OperationOf(_phase), Batch);
            }
            if (OnGradient is not { } told) continue;
            foreach (var parameter in step.Gradients) told(parameter);
        }
    }

    void ICpuJob.Execute(int part, int parts) => _step!.Run(this, _phase, part, parts);

    /// <summary>Makes room for so many images at a time, or one less.</summary>
    public void Reserve(int images)
    {
        Arena.Reserve(images);
        if (images == _reserved) return;
        // A batch that divides unevenly has one image less at a time, too; fewer images may be cut otherwise, and take more.
        var length = Math.Max(program.ScratchLength(images, workers.Count), program.ScratchLength(Math.Max(1, images - 1), workers.Count));
        if (_scratch is null || length > _scratch.Length)
        {
            _scratch?.Dispose();
            _scratch = new(length, clear: false);
        }
        _reserved = images;
    }

    public void ReadInput(CpuValue images, int part, int parts)
    {
        var length = Length(images);
        LayoutConversion.FromNchw(new(Images + (long)First * (length / Batch), length), Of(images), Batch, part, parts);
    }

    /// <summary>Copies one of the results out.</summary>
    /// <param name="result">The result.</param>
    /// <param name="before">Values per image of the outputs before it.</param>
    /// <param name="part">Which part to copy.</param>
    /// <param name="parts">Number of parts of the work.</param>
    public void WriteOutput(CpuValue result, long before, int part, int parts)
    {
        var length = Length(result);
        LayoutConversion.ToNchw(Of(result), new(Output + Total * before + (long)First * (length / Batch), length), Batch, part, parts);
    }

    /// <summary>Copies a tap's value out if it is asked for.</summary>
    public void Offer(int key, CpuValue value, int part, int parts)
    {
        if (Taps?.Invoke(key) is { } to) LayoutConversion.ToNchw(Of(value), to.Data.Slice(First * (Length(value) / Batch), Length(value)), Batch, part, parts);
    }

    public void Dispose()
    {
        Arena.Dispose();
        _scratch?.Dispose();
    }

    int Length(CpuValue value) => checked(Batch * value.Layout.Channels * value.Layout.Height * value.Layout.Width);
}
