using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Training;

[Network]
sealed partial class ToyNet
{
    static void Define(NetworkBuilder net) => net
        .Input(2, 4, 4)
        .Conv(3, 3, padding: 1).BatchNorm().Relu()
        .Residual(r => r.Conv(3, 3, padding: 1).BatchNorm())
        .GlobalAveragePool().Dense(3);
}

/// <summary>Gradients from the reference interpreter, in place of a device's.</summary>
sealed class ReferenceGradients(Network network) : IGradientSource
{
    readonly float[] _gradients = new float[network.Parameters.ReadTrained().Length];
    readonly (float[] Images, int[] Labels)[] _places = new (float[], int[])[2];
    float[] _statisticsBefore = [];
    int _next;

    public Span<float> Gradients => _gradients;

    public long Step { get; set; }

    public int? ImagesOfRanks { get; set; }

    /// <summary>The number of changed gradients that were taken back.</summary>
    public int Sent { get; private set; }

    public void SendGradients() => Sent++;

    public void UndoStatistics() => _statisticsBefore.CopyTo(network.Parameters.EditStatistics());

    /// <summary>Whether it works like a device with memory of its own, which lets the next batch be drawn before it has computed one.</summary>
    public bool DrawsAhead { get; init; }

    /// <summary>Is told what happens, in its order.</summary>
    public Action<string> OnEvent { get; init; } = _ => { };

    public TrainingBatch Prepare(TrainingBatch batch)
    {
        if (!DrawsAhead) return batch;
        OnEvent("send");
        ref var place = ref _places[_next];
        _next = 1 - _next;
        // Elsewhere what was there would be overwritten only.
        place.Images?.AsSpan().Fill(float.NaN);
        place = (batch.Images.ToArray(), batch.Labels.ToArray());
        return new(place.Images, place.Labels);
    }

    public StepResult Run(TrainingBatch batch, Action meanwhile)
    {
        OnEvent("run");
        if (DrawsAhead) meanwhile();
        OnEvent("ran");
        var images = batch.Images.Span;
        var labels = batch.Labels.Span;
        var parameters = network.Parameters;
        _statisticsBefore = parameters.ReadStatistics().ToArray();
        var reference = new ReferenceInterpreter(parameters);
        var step = reference.Train(images, labels);
        var share = (double)labels.Length / (ImagesOfRanks ?? labels.Length);
        foreach (var tensor in parameters.Tensors)
            if (tensor.Info.IsTrained)
                for (var i = 0; i < tensor.Length; i++) _gradients[tensor.Offset + i] = (float)(share * step.Gradients[tensor.Name][i]);
            else
                for (var i = 0; i < tensor.Length; i++) tensor.Edit()[i] = (float)reference.Parameters[tensor.Name][i];
        var correct = 0;
        var classes = network.Definition.Output.Channels;
        for (var i = 0; i < labels.Length; i++)
        {
            var logits = step.Forward.Output.AsSpan(i * classes, classes).ToArray();
            if (Array.IndexOf(logits, logits.Max()) == labels[i]) correct++;
        }
        return new(share * step.Loss, correct);
    }

    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}

/// <summary>Images of three classes, each brighter in another part, as a function of epoch and index.</summary>
sealed class ToyBatches(int batches = 5, int size = 6) : IBatchSource
{
    readonly float[] _images = new float[size * 32];
    readonly int[] _labels = new int[size];
    int _epoch = -1, _next;

    public string Identity => $"{batches} toy batches of {size}";

    public int Batches => batches;

    /// <summary>The step whose batch is spoilt, counted through all epochs from 0 on.</summary>
    public int? Spoilt { get; init; }

    /// <summary>The step whose batch cannot be read.</summary>
    public int? Broken { get; init; }

    /// <summary>Is told of every call.</summary>
    public Action<string> OnEvent { get; init; } = _ => { };

    public bool TryNext(int epoch, out TrainingBatch batch)
    {
        if (epoch != _epoch) (_epoch, _next) = (epoch, 0);
        batch = new(_images, _labels);
        OnEvent("draw");
        if (_next == batches) return false;
        var step = epoch * batches + _next++;
        if (step == Broken) throw new IOException("gone");
        var random = new CounterRandom((ulong)step);
        for (var i = 0; i < size; i++)
        {
            _labels[i] = (int)(random[1000 + i] % 3);
            for (var p = 0; p < 32; p++)
                _images[i * 32 + p] = (float)(0.3 * random.Normal(i * 32 + p)) + (p / 11 == _labels[i] ? 1 : 0);
        }
        if (step == Spoilt) _images[7] = float.NaN;
        return true;
    }
}
