using System.Diagnostics;
using ResNet.Runtime.Runs;

namespace ResNet.Runtime.Detection.Training;

/// <summary>Says what the run of a detector takes.</summary>
/// <param name="detector">The detector.</param>
/// <param name="dataset">The images to train on.</param>
/// <param name="options">The options of training.</param>
/// <param name="ranks">Number of processes that train together.</param>
sealed class DetectionEstimate(Detector detector, DetectionDataset dataset, DetectionTrainerOptions options, int ranks)
{
    const int MostSteps = 10;
    const double MostSeconds = 20;

    /// <summary>Images of a step.</summary>
    int Images => Math.Min(options.ImagesPerStep, dataset.Count);

    /// <summary>Estimates time and memory, after a few steps that leave the detector as it is.</summary>
    /// <param name="validation">Number of images that every epoch validates on.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public RunEstimate Run(int validation, CancellationToken cancellationToken)
    {
        var batches = new DetectionBatches(dataset, detector.Trunk.Preprocessing, options, new(0, ranks));
        var seconds = TimeSteps(batches, cancellationToken);
        // Forward is a third of a step.
        var epoch = batches.Count * seconds + validation * seconds / Images / 3;
        return new(batches.Count, options.Epochs, Memory(), TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(options.Epochs * epoch));
    }

    /// <summary>Seconds of a step, the mean of some after a first one, the loading of images included.</summary>
    double TimeSteps(DetectionBatches batches, CancellationToken cancellationToken)
    {
        Parameters[] parameters = [detector.Trunk.Parameters, detector.Head.Parameters];
        var statistics = Array.ConvertAll(parameters, own => own.ReadStatistics().ToArray());
        using var gradients = new DetectorGradients(detector, options);
        try
        {
            var timer = new Stopwatch();
            var step = 0;
            while (step <= MostSteps && !(step > 1 && timer.Elapsed.TotalSeconds > MostSeconds))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (step == 1) timer.Start();
                gradients.Run(batches.Read(step / batches.Count, step % batches.Count), step);
                step++;
            }
            return timer.Elapsed.TotalSeconds / (step - 1);
        }
        finally
        {
            for (var i = 0; i < parameters.Length; i++) parameters[i].EditStatistics(own => statistics[i].CopyTo(own));
        }
    }

    /// <summary>Bytes of a step at the declared size: activations of images and regions, the regions themselves with their gradients, and what belongs to the parameters.</summary>
    long Memory()
    {
        var (trunk, head) = (detector.Trunk, detector.Head);
        long regions = options.Stage == DetectionStage.Proposals ? 0 : (long)Images * (options.Regions + (detector.Definition.Settings.GlobalContext ? 1 : 0));
        // Weights, two copies of the gradients, and the optimizer's vectors.
        var copies = 3 + options.Optimizer.State.Count;
        return sizeof(float) * (Images * (trunk.CountTrainingElements() + trunk.Definition.Input.Elements)
            + regions * (head.CountTrainingElements() + 3 * head.Definition.Input.Elements)
            + copies * (Count(trunk) + Count(head)));

        static long Count(Network network) => network.Parameters.ReadTrained().Length + (long)network.Parameters.ReadStatistics().Length;
    }
}
