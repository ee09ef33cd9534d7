using ResNet.Runtime.Detection.Boxes;

namespace ResNet.Runtime.Tests.Detection.Boxes;

public class BoxVotingTests
{
    [Fact]
    public void Boxes_that_overlap_by_half_vote_by_their_scores()
    {
        ScoredBox winner = new(1, 0.6, new(0, 0, 10, 10));
        ScoredBox[] candidates =
        [
            winner,
            new(1, 0.3, new(0, 0, 10, 5)),          // an overlap of exactly 0.5
            new(1, 0.9, new(0, 0, 10, 4)),          // too little
            new(0, 0.9, new(0, 0, 10, 9)),          // of another class
            new(1, double.NaN, new(0, 0, 10, 8)),
            new(1, 0.9, new(0, 0, 10, double.NaN)),
        ];
        var voted = Assert.Single(BoxVoting.Vote([winner], candidates));
        Assert.Equal((1, 0.6), (voted.Label, voted.Score));
        DetectionReference.Near([new(0, 0, 10, (0.6 * 10 + 0.3 * 5) / 0.9)], [voted.Box], 1e-12);
    }

    [Fact]
    public void A_box_for_which_none_votes_stays()
    {
        ScoredBox empty = new(0, 0.5, new(3, 3, 3, 3));
        Assert.Equal([empty], BoxVoting.Vote([empty], [empty]));
        Assert.Equal([empty], BoxVoting.Vote([empty], []));
        Assert.Empty(BoxVoting.Vote([], [empty]));
        Assert.Throws<ArgumentOutOfRangeException>(() => BoxVoting.Vote([], [], overlap: 0));
    }
}
