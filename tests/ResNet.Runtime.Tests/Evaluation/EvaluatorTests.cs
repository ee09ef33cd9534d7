using ResNet.Runtime.Data;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Tests.Communication;

namespace ResNet.Runtime.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    const int Red = 0, Green = 1, Blue = 2, Broken = ColouredPictures.Broken;

    readonly Colours _network = Colours.Create();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public void Right_answers_are_counted(int batch)
    {
        // Of a red picture, the order of likelihood is 0, then 1 and 2 (equal), 3, 4, 5 …
        var dataset = new ColouredPictures((Red, 0), (Green, 1), (Blue, 2), (Red, 2), (Red, 4), (Red, 5), (Green, 0));

        var result = Evaluator.Evaluate(_network, dataset, new() { BatchSize = batch, KeepPredictions = true });

        Assert.Equal((7, 3, 6), (result.Images, result.Top1, result.Top5));
        Assert.Equal(3 / 7.0, result.Top1Accuracy);
        Assert.Equal(6 / 7.0, result.Top5Accuracy);
        Assert.Equal(result.ImagesPerSecond, 7 / result.Elapsed.TotalSeconds);
        Assert.Equal([0, 1, 2, 0, 0, 0, 1], result.Predictions.Select(image => image.Predicted));
        Assert.Equal([0, 1, 2, 2, 4, 5, 0], result.Predictions.Select(image => image.Class));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], result.Predictions.Select(image => image.Index));
        var odds = Math.Exp(200 / 255.0) + 2 + Enumerable.Range(3, 5).Sum(index => Math.Exp(-index));
        Assert.All(result.Predictions, image => Assert.Equal(Math.Exp(200 / 255.0) / odds, image.Probability, 5));
    }

    [Fact]
    public void Predictions_are_kept_only_when_asked_for() =>
        Assert.Empty(Evaluator.Evaluate(_network, new ColouredPictures((Red, 0))).Predictions);

    [Fact]
    public void Progress_is_told_after_every_batch()
    {
        var told = new List<EvaluationProgress>();
        var dataset = new ColouredPictures((Red, 0), (Red, 1), (Red, 0), (Red, 0), (Red, 0));

        Evaluator.Evaluate(_network, dataset, new() { BatchSize = 2, Progress = new Listener(told.Add) });

        Assert.Equal([new(2, 5, 1), new(4, 5, 3), new(5, 5, 4)], told);
    }

    [Fact]
    public void A_broken_image_is_an_error_with_its_name()
    {
        var dataset = new ColouredPictures((Red, 0), (Red, 0), (Red, 0), (Broken, 0));
        var error = Assert.Throws<DatasetException>(() => Evaluator.Evaluate(_network, dataset, new() { BatchSize = 2 }));
        Assert.Equal("picture 3 is broken", error.Message);
    }

    [Fact]
    public void Broken_images_may_be_left_out()
    {
        var dataset = new ColouredPictures((Broken, 0), (Red, 0), (Broken, 1), (Broken, 2), (Broken, 1), (Green, 1), (Blue, 1));

        var result = Evaluator.Evaluate(_network, dataset, new() { BatchSize = 2, SkipBroken = true, KeepPredictions = true });

        Assert.Equal((3, 2), (result.Images, result.Top1));
        Assert.Equal([0, 2, 3, 4], result.Broken.Select(broken => broken.Index));
        Assert.Equal("picture 2 is broken", result.Broken[1].Reason);
        Assert.Equal([(1, 0), (5, 1), (6, 2)], result.Predictions.Select(image => (image.Index, image.Predicted)));
    }

    /// <summary>With more ranks than images, some have none.</summary>
    [Theory, InlineData(2), InlineData(3), InlineData(9)]
    public void Ranks_that_divide_the_images_have_the_result_of_the_whole(int ranks)
    {
        var dataset = new ColouredPictures((Broken, 0), (Red, 0), (Broken, 1), (Broken, 2), (Broken, 1), (Green, 1), (Blue, 1));
        var options = new EvaluationOptions { BatchSize = 2, SkipBroken = true, KeepPredictions = true };
        var whole = Evaluator.Evaluate(_network, dataset, options);
        RankThreads.Run(ranks, rank =>
        {
            using var network = Colours.Create();
            var result = Evaluator.Evaluate(network, dataset, options with { Communicator = rank });
            Assert.Equal((whole.Images, whole.Top1, whole.Top5), (result.Images, result.Top1, result.Top5));
            Assert.Equal(whole.Predictions, result.Predictions);
            Assert.Equal(whole.Broken, result.Broken);
        });
        Assert.All(RankThreads.RunFailing(2, rank =>
        {
            using var network = Colours.Create();
            Evaluator.Evaluate(network, new ColouredPictures((Broken, 0)), options with { Communicator = rank });
        }), failure => Assert.IsType<DatasetException>(failure));
    }

    [Fact]
    public void Without_a_readable_image_there_is_no_accuracy()
    {
        Assert.Throws<DatasetException>(() => Evaluator.Evaluate(_network, new ColouredPictures()));
        Assert.Throws<DatasetException>(() => Evaluator.Evaluate(_network, new ColouredPictures((Broken, 0)), new() { SkipBroken = true }));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(-1)]
    public void A_class_that_the_network_does_not_have_is_refused(int index)
    {
        var error = Assert.Throws<DatasetException>(() => Evaluator.Evaluate(_network, new ColouredPictures((Red, index))));
        Assert.Equal($"picture 0: expected a class from 0 to 7, found {index}", error.Message);
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_never_right()
    {
        _network.Parameters.Tensors[0].Edit().Fill(float.NaN);
        var result = Evaluator.Evaluate(_network, new ColouredPictures((Red, 0), (Blue, 2)));
        Assert.Equal((2, 0, 0), (result.Images, result.Top1, result.Top5));
    }

    [Fact]
    public void It_can_be_cancelled_between_batches()
    {
        using var source = new CancellationTokenSource();
        var done = 0;
        var dataset = new ColouredPictures([.. Enumerable.Repeat((Red, 0), 100)]);

        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Evaluate(_network, dataset, new()
        {
            BatchSize = 1,
            Progress = new Listener(progress =>
            {
                done = progress.Done;
                if (done == 3) source.Cancel();
            }),
        }, source.Token));
        Assert.InRange(done, 3, 5);
    }

    [Fact]
    public void A_batch_without_images_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluator.Evaluate(_network, new ColouredPictures((Red, 0)), new() { BatchSize = 0 }));

    sealed class Listener(Action<EvaluationProgress> listen) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => listen(value);
    }
}
