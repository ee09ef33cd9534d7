using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Runtime.Communication;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Evaluation;

/// <summary>Counts right answers.</summary>
sealed class Score(ImageDataset dataset, Ensemble ensemble, EvaluationOptions options)
{
    readonly IReadOnlyList<string> _labels = ensemble.Labels;
    readonly List<EvaluatedImage> _predictions = [];
    readonly List<BrokenImage> _broken = [];
    int _images;
    int _top5;

    public int Top1 { get; private set; }

    /// <summary>Counts a batch.</summary>
    /// <param name="batch">The images.</param>
    /// <param name="logits">images × classes, averaged.</param>
    public void Add(Batch batch, ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < batch.Count; i++)
            Add(batch.Indices[i], logits.Slice(i * _labels.Count, _labels.Count));
        _broken.AddRange(batch.Broken);
    }

    /// <summary>Adds the counts of the other ranks, whose images are the other parts of the data set in their order.</summary>
    public void AddRanks(Communicator ranks)
    {
        if (ranks.Size == 1) return;
        var own = JsonSerializer.Serialize(new RankScore(_images, Top1, _top5, _predictions, _broken), ScoreJson.Default.RankScore);
        (_images, Top1, _top5) = (0, 0, 0);
        _predictions.Clear();
        _broken.Clear();
        for (var rank = 0; rank < ranks.Size; rank++)
        {
            var of = JsonSerializer.Deserialize(ranks.Broadcast(own, rank, "evaluation"), ScoreJson.Default.RankScore)!;
            (_images, Top1, _top5) = (_images + of.Images, Top1 + of.Top1, _top5 + of.Top5);
            _predictions.AddRange(of.Predictions);
            _broken.AddRange(of.Broken);
        }
    }

    public EvaluationResult Result(TimeSpan elapsed) => _images > 0
        ? new(_images, Top1, _top5, elapsed) { Protocol = options.Protocol, Networks = ensemble.Networks.Count, Predictions = _predictions, Broken = _broken }
        : throw new DatasetException($"{dataset.Description}: expected images, found none that can be read");

    void Add(int index, ReadOnlySpan<float> logits)
    {
        var right = dataset.ClassOf(index);
        if (right < 0 || right >= _labels.Count)
            throw new DatasetException($"{dataset.NameOf(index)}: expected a class from 0 to {_labels.Count - 1}, found {right}");
        var rank = Rank(logits, right);
        _images++;
        if (rank < 1) Top1++;
        if (rank < 5) _top5++;
        if (options.KeepPredictions)
        {
            var best = Prediction.Best(logits, _labels, 1)[0];
            _predictions.Add(new(index, right, best.Class, best.Probability));
        }
    }

    /// <summary>Counts the classes that are likelier; among equals, the lower index comes first. A value that is not a number counts as likelier.</summary>
    static int Rank(ReadOnlySpan<float> logits, int right)
    {
        var rank = 0;
        for (var i = 0; i < logits.Length; i++)
            if (i != right && !(logits[i] < logits[right] || logits[i] == logits[right] && i > right)) rank++;
        return rank;
    }
}

/// <summary>The counts of one rank.</summary>
sealed record RankScore(int Images, int Top1, int Top5, IReadOnlyList<EvaluatedImage> Predictions, IReadOnlyList<BrokenImage> Broken);

// The probability of a class among scores that are no numbers is none.
[JsonSerializable(typeof(RankScore))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
sealed partial class ScoreJson : JsonSerializerContext;
