using ResNet.Runtime.Data;
using ResNet.Runtime.Embeddings;
using ResNet.Runtime.Tensors;

namespace ResNet.Runtime.Tests.Embeddings;

/// <summary>Classifiers of embeddings.</summary>
public class ProbeTests
{
    static readonly string[] _classes = ["red", "green", "blue", "grey", "white", "black"];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(500)]
    public void Neighbors_vote_as_the_definition_says(int neighbors)
    {
        var (known, asked) = (Clouds(60, 1, 0.9), Clouds(25, 2, 0.9));
        var (top1, top5) = (0, 0);
        for (var i = 0; i < 25; i++)
        {
            var votes = new double[_classes.Length];
            foreach (var (cosine, label) in Enumerable.Range(0, 60).Select(j => (Cosine(asked.Vectors[i], known.Vectors[j]), known.Labels[j])).OrderByDescending(one => one.Item1).Take(neighbors))
                votes[label] += Math.Exp(cosine / 0.07);
            var rank = votes.Select((vote, label) => (vote, label)).OrderByDescending(one => one.vote).ThenBy(one => one.label).Select(one => one.label).ToList().IndexOf(asked.Labels[i]);
            if (rank < 1) top1++;
            if (rank < 5) top5++;
        }
        var result = NearestNeighbors.Evaluate(known, asked, neighbors);
        Assert.Equal((25, top1, top5), (result.Images, result.Top1, result.Top5));
        // Votes do not vanish where the nearest image counts alone.
        Assert.Equal(NearestNeighbors.Evaluate(known, asked, 1).Top1, NearestNeighbors.Evaluate(known, asked, neighbors, temperature: 1e-5).Top1);
        Assert.InRange(top1, 5, 24);
    }

    /// <summary>
    /// Where the penalized loss has its minimum, its gradient, computed here in double precision, is zero; but for the running statistics, which are not quite those of a step.
    /// </summary>
    [Fact]
    public void A_linear_probe_goes_to_the_minimum()
    {
        const int count = 200;
        const double decay = 0.01;
        var known = Clouds(count, 1, 0.8);
        using var classifier = LinearProbe.Train(known, new() { Epochs = 400, BatchSize = count, WeightDecay = decay });
        double[] Read(string name) => [.. classifier.Parameters.Tensors.Single(tensor => tensor.Name.EndsWith(name, StringComparison.Ordinal)).Read().ToArray().Select(value => (double)value)];
        var (mean, variance, scale, shift) = (Read("running_mean"), Read("running_var"), Read("bn1.weight"), Read("bn1.bias"));
        var weight = Read("fc.weight");
        var logits = classifier.Predict(new(known.Vectors.Data.ToArray(), count, known.Length, 1, 1));
        var gradient = weight.Select(value => decay * value).ToArray();
        for (var i = 0; i < count; i++)
        {
            var (row, vector) = (logits[i].ToArray(), known.Vectors[i].ToArray());
            var sum = row.Sum(value => Math.Exp(value));
            for (var label = 0; label < row.Length; label++)
                for (var j = 0; j < vector.Length; j++)
                    gradient[label * vector.Length + j] += (Math.Exp(row[label]) / sum - (known.Labels[i] == label ? 1 : 0)) * ((vector[j] - mean[j]) / Math.Sqrt(variance[j] + 1e-5) * scale[j] + shift[j]) / count;
        }
        Assert.All(gradient, value => Assert.Equal(0, value, 0.01));
        Assert.Contains(weight, value => Math.Abs(value) > 0.5);
    }

    [Fact]
    public void A_linear_probe_separates_what_can_be_separated()
    {
        var result = LinearProbe.Evaluate(Clouds(120, 1, 0.2), Clouds(60, 2, 0.2));
        Assert.Equal((60, 60), (result.Images, result.Top1));
    }

    [Fact]
    public void A_data_set_is_embedded_in_its_order()
    {
        using var network = EmbeddingTests.Small();
        var shapes = new Shapes10(35, DatasetSplit.Test);
        var progress = new List<int>();
        var embedded = EmbeddedDataset.Of(network, shapes, new Direct(progress.Add));
        Assert.Equal(shapes.Classes, embedded.Classes);
        Assert.Equal(Enumerable.Range(0, 35).Select(shapes.ClassOf), embedded.Labels);
        Assert.Equal([32, 35], progress);
        foreach (var i in (int[])[0, 17, 34]) Assert.Equal(network.Embed(shapes.Load(i)), embedded.Vectors[i].ToArray(), (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Throws<OperationCanceledException>(() => EmbeddedDataset.Of(network, shapes, cancellationToken: new(canceled: true)));
    }

    [Fact]
    public void What_does_not_fit_says_so()
    {
        var (one, other) = (Clouds(10, 1, 0.5), new EmbeddedDataset(new Tensor(2, 3), [0, 1], _classes));
        Assert.Contains("embedded in 4 and 3 values", Assert.Throws<ArgumentException>(() => NearestNeighbors.Evaluate(one, other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LinearProbe.Evaluate(one, other));
        Assert.Throws<ArgumentException>(() => LinearProbe.Train(new(new Tensor(1, 4), [0], _classes)));
        Assert.ThrowsAny<OperationCanceledException>(() => NearestNeighbors.Evaluate(one, one, cancellationToken: new(canceled: true)));
        Assert.ThrowsAny<OperationCanceledException>(() => LinearProbe.Train(one, cancellationToken: new(canceled: true)));
    }

    /// <summary>A cloud around a point for each class.</summary>
    static EmbeddedDataset Clouds(int count, ulong seed, double spread)
    {
        const int length = 4;
        var (vectors, random) = (new Tensor(count, length), new CounterRandom(seed));
        var centers = new CounterRandom(77);
        for (var i = 0; i < count; i++)
            for (var j = 0; j < length; j++)
                vectors[i][j] = (float)(2 * centers.Uniform((i % _classes.Length * length + j)) - 1 + spread * (2 * random.Uniform(i * length + j) - 1));
        return new(vectors, [.. Enumerable.Range(0, count).Select(i => i % _classes.Length)], _classes);
    }

    sealed class Direct(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }

    static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (dot, x, y) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++) (dot, x, y) = (dot + (double)a[i] * b[i], x + (double)a[i] * a[i], y + (double)b[i] * b[i]);
        return dot / Math.Sqrt(x * y);
    }
}
