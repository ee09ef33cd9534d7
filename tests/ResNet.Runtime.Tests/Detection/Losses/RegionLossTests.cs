using ResNet.Runtime.Detection.Boxes;
using ResNet.Runtime.Detection.Losses;
using ResNet.Runtime.Detection.Regions;

namespace ResNet.Runtime.Tests.Detection.Losses;

public class RegionLossTests
{
    [DetectionReferenceFact]
    public void Losses_and_gradients_are_torchvisions()
    {
        var reference = DetectionReference.Open("detection_losses");
        var (loss, logits, regression) = Compute(reference, new());
        Assert.Equal(reference.Numbers("loss_classifier")[0], loss.Scores, 1e-5);
        Assert.Equal(reference.Numbers("loss_box_reg")[0], loss.Boxes, 1e-5);
        DetectionReference.Near(reference.Numbers("grad_logits"), logits, 1e-5);
        DetectionReference.Near(reference.Numbers("grad_box_regression"), regression, 1e-5);
    }

    [DetectionReferenceFact]
    public void Deltas_have_Fast_RCNNs_loss()
    {
        var reference = DetectionReference.Open("detection_losses");
        var (loss, _, regression) = Compute(reference, RegionLoss.Paper);
        Assert.Equal(reference.Numbers("loss_box_reg.beta1")[0], loss.Boxes, 1e-5);
        DetectionReference.Near(reference.Numbers("grad_box_regression.beta1"), regression, 1e-5);
    }

    [Fact]
    public void Images_of_a_step_share_a_divisor()
    {
        var sample = new RegionSample([new(0, 0, 4, 4)], [1], [new(1, 2, 3, 4)]);
        float[] logits = [1, 2, 4], regression = new float[12], logitsGradient = new float[3], regressionGradient = new float[12];
        var alone = new RegionLoss().Compute(sample, 2, logits, regression, logitsGradient, regressionGradient, regions: 1);
        var half = new RegionLoss().Compute(sample, 2, logits, regression, new float[3], new float[12], regions: 2);
        Assert.Equal(alone.Scores, 2 * half.Scores, 1e-12);
        Assert.Equal(alone.Boxes, 2 * half.Boxes, 1e-12);
        Assert.Equal(10 - 4 / 18.0, alone.Boxes, 1e-12);
        Assert.Equal([0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0], regressionGradient);
        Assert.Equal(0, logitsGradient.Sum(), 1e-6);
    }

    [Fact]
    public void Without_regions_there_is_no_loss()
    {
        Assert.Equal(default, new RegionLoss().Compute(new([], [], []), 20, [], [], [], [], regions: 0));
    }

    [Fact]
    public void Bad_input()
    {
        RegionSample Sample(int label) => new([new(0, 0, 4, 4)], [label], [default]);
        SampleLoss Loss(RegionSample sample, float logit, int values) =>
            new RegionLoss().Compute(sample, 2, [logit, 0, 0], new float[12], new float[3], new float[values], regions: 1);
        Assert.True(double.IsNaN(Loss(Sample(0), float.NaN, 12).Scores));
        Assert.Throws<ArgumentException>(() => Loss(Sample(0), 0, 11));
        Assert.Throws<ArgumentException>(() => Loss(Sample(3), 0, 12));
        Assert.Throws<ArgumentException>(() => Loss(Sample(-1), 0, 12));
    }

    static (SampleLoss Loss, float[] Logits, float[] Regression) Compute(DetectionReference reference, RegionLoss loss)
    {
        float[] logits = reference.Numbers("logits"), regression = reference.Numbers("box_regression");
        float[] logitsGradient = new float[logits.Length], regressionGradient = new float[regression.Length];
        BoxDeltas[] targets = reference.Deltas("targets");
        var sample = new RegionSample(new Box[128], reference.Integers("labels"), targets);
        return (loss.Compute(sample, 20, logits, regression, logitsGradient, regressionGradient, 128), logitsGradient, regressionGradient);
    }
}
