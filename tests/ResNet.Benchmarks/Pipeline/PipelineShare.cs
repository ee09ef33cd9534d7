using System.Diagnostics;
using System.Globalization;
using ResNet.Benchmarks.Networks;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Training;

namespace ResNet.Benchmarks.Pipeline;

/// <summary>
/// Measures how much reading, decoding and augmenting images costs a training run: steps on one batch beside steps on batches that a
/// <see cref="DataLoader"/> prepares meanwhile, in turn, by one trainer.
/// </summary>
static class PipelineShare
{
    const int Rounds = 4;

    /// <summary>Prints milliseconds of a step, the medians of all, and their ratio.</summary>
    /// <param name="images">A folder of images per class, or a list of images.</param>
    /// <param name="name">The network, a class of <see cref="Zoo"/>.</param>
    /// <param name="batch">Images of a step.</param>
    /// <param name="workers">Batches that are prepared ahead; 0 for none.</param>
    public static void Print(string images, string name, int batch, int workers)
    {
        var dataset = ImageDataset.Open(images, DatasetSplit.Train);
        using var network = Zoo.Create(name, CpuDevice.Shared);
        using var loader = new DataLoader(dataset, new ScaleAspectCrop { Normalization = network.Preprocessing }, new() { BatchSize = batch, DropLast = true, Workers = workers });
        var turns = new Turns(loader);
        using var trainer = new Trainer(network, turns, new() { Epochs = 1, Schedule = new ConstantSchedule(0) }) { Observers = [turns] };
        trainer.Run();
        var (alone, loading) = (Median(turns.Alone), Median(turns.Loading));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}, batch {batch}, {CpuDevice.Shared.Name}, {dataset.Description}, {workers} workers: a step takes {alone:F1} ms on a batch that is there, {loading:F1} ms with loading; {alone / loading:P1}"));
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Gives the loader's batches and a kept one in turn, a few steps of each, and times the steps.</summary>
    sealed class Turns(DataLoader loader) : IBatchSource, ITrainingObserver
    {
        /// <summary>Steps that are not timed: at first, batches are ready that were prepared in the turn before.</summary>
        const int WarmUp = 4;

        const int StepsOfTurn = WarmUp + 12;

        TrainingBatch _kept;
        long _start;
        int _step, _epoch;

        public List<double> Alone { get; } = [];

        public List<double> Loading { get; } = [];

        public string Identity => "turns";

        public int Batches => 2 * Rounds * StepsOfTurn;

        bool IsAlone => _step / StepsOfTurn % 2 == 1;

        public bool TryNext(int epoch, out TrainingBatch batch)
        {
            batch = _kept;
            if (_step == Batches) return false;
            _start = Stopwatch.GetTimestamp();
            if (IsAlone) return true;
            while (!loader.TryNext(_epoch, out batch)) _epoch++;
            // The loader takes its memory back.
            if (_step == 0) _kept = new(batch.Images.ToArray(), batch.Labels.ToArray());
            return true;
        }

        public void OnStep(StepMetrics metrics)
        {
            if (_step % StepsOfTurn >= WarmUp) (IsAlone ? Alone : Loading).Add(Stopwatch.GetElapsedTime(_start).TotalMilliseconds);
            _step++;
        }
    }
}
