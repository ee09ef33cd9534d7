using ResNet.Reports;
using ResNet.Runtime;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Files;
using ResNet.Runtime.Training;

namespace ResNet.Tool.Training;

/// <summary>The results of a run for people: the curve and, once it is complete, a report of its best weights.</summary>
static class RunReport
{
    const string CurveFile = "curve.svg", ReportFile = "report.html";

    /// <summary>Writes both into the run's folder, the report if there are validation images. Of several ranks all evaluate, and the first one writes.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="model">The network's name.</param>
    /// <param name="network">The network; it has the best weights afterwards.</param>
    /// <param name="validation">The validation images.</param>
    /// <param name="result">The measurements of the run.</param>
    /// <param name="skipBroken">Whether images that cannot be read are left out.</param>
    /// <param name="ranks">The ranks that have trained together.</param>
    /// <param name="cancellationToken">Stops the evaluation between images.</param>
    public static void Write(
        string folder, string model, Network network, ImageDataset? validation, TrainingResult result, bool skipBroken, Communicator ranks, CancellationToken cancellationToken)
    {
        if (result.Epochs.Count == 0) return;
        if (ranks.Rank == 0) WholeFile.WriteText(Path.Combine(folder, CurveFile), TrainingCurve.Draw(result.Epochs, model));
        if (validation is null || result.Cancelled) return;
        network.Load(Path.Combine(folder, TrainingCheckpoint.Best));
        var evaluation = Evaluator.Evaluate(network, validation, new() { SkipBroken = skipBroken, KeepPredictions = true, Communicator = ranks }, cancellationToken);
        if (ranks.Rank > 0) return;
        new EvaluationReport { Model = model, Labels = network.Labels, Data = validation, Result = evaluation, Epochs = result.Epochs }
            .Write(Path.Combine(folder, ReportFile));
    }
}
