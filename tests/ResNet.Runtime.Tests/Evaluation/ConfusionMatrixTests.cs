using ResNet.Runtime.Evaluation;

namespace ResNet.Runtime.Tests.Evaluation;

public class ConfusionMatrixTests
{
    static EvaluatedImage[] Answers(params (int Class, int Predicted)[] answers) =>
        [.. answers.Select((answer, index) => new EvaluatedImage(index, answer.Class, answer.Predicted, 1))];

    /// <summary>Cats, dogs and birds; class 3 has no image and is never predicted, class 4 is predicted alone.</summary>
    static readonly ConfusionMatrix _matrix = new(5, Answers((0, 0), (0, 0), (0, 0), (0, 1), (1, 0), (1, 0), (1, 1), (2, 1), (2, 2), (2, 4)));

    [Fact]
    public void Pairs_are_counted()
    {
        Assert.Equal((3, 1, 0), (_matrix[0, 0], _matrix[0, 1], _matrix[0, 2]));
        Assert.Equal((2, 1, 0), (_matrix[1, 0], _matrix[1, 1], _matrix[1, 2]));
        Assert.Equal((5, 10), (_matrix.Classes, _matrix.Images));
        Assert.Equal([new(1, 0, 2), new(0, 1, 1), new(2, 1, 1), new(2, 4, 1)], _matrix.Confusions);
    }

    /// <summary>By hand: of class 0, precision 3/5 and recall 3/4, so F1 is 2·(9/20)/(27/20) = 2/3.</summary>
    [Fact]
    public void Precision_recall_and_F1_are_those_by_hand()
    {
        var scores = _matrix.Scores;
        Assert.Equal((3.0 / 5, 3.0 / 4), (scores[0].Precision!.Value, scores[0].Recall!.Value));
        Assert.Equal(2.0 / 3, scores[0].F1!.Value, 12);
        Assert.Equal((1.0 / 3, 1.0 / 3), (scores[1].Precision!.Value, scores[1].Recall!.Value));
        Assert.Equal(1.0 / 3, scores[1].F1!.Value, 12);
        Assert.Equal((1.0, 1.0 / 3), (scores[2].Precision!.Value, scores[2].Recall!.Value));
        Assert.Equal(0.5, scores[2].F1!.Value, 12);
    }

    [Fact]
    public void What_nothing_can_be_said_of_has_no_figure()
    {
        Assert.Equal((null, null, null), (_matrix.Scores[3].Precision, _matrix.Scores[3].Recall, _matrix.Scores[3].F1));
        // Only ever predicted, and wrongly so.
        Assert.Equal((0, null, 0), (_matrix.Scores[4].Precision, _matrix.Scores[4].Recall, _matrix.Scores[4].F1));
        Assert.Equal((2.0 / 3 + 1.0 / 3 + 0.5 + 0) / 4, _matrix.MacroF1!.Value, 12);
        Assert.Null(new ConfusionMatrix(3, []).MacroF1);
    }

    [Fact]
    public void Classes_beyond_the_last_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, Answers((0, 2))));
        Assert.Throws<ArgumentException>(() => new ConfusionMatrix(2, Answers((-1, 0))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0, []));
    }

    /// <summary>The interval of 9 out of 10 that Wilson's formula gives by hand: (0.9 + 0.1921 ± 1.96·√(0.009 + 0.0096)) / 1.3841.</summary>
    [Theory]
    [InlineData(9, 10, 0.5958, 0.9821)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(10, 10, 0.7225, 1)]
    public void The_interval_is_Wilsons(int right, int images, double lower, double upper)
    {
        var interval = new EvaluationResult(images, right, right, TimeSpan.FromSeconds(1)).Top1Interval;
        Assert.Equal(lower, interval.Lower, 4);
        Assert.Equal(upper, interval.Upper, 4);
    }
}
