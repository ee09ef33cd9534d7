using ResNet.Runtime.Detection.Training;
using ResNet.Runtime.Tests.Training;

namespace ResNet.Runtime.Tests.Detection.Training;

public sealed class DetectionLogTests : IDisposable
{
    static readonly DetectionLosses _losses = new(0.5, 0.25, 2, 0.125);

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_have_the_four_losses_and_their_sum()
    {
        using (var log = new DetectionCsvLog(_folder.Path))
        {
            for (var step = 1; step <= 3; step++) log.OnStep(new(step, 1, step, _losses, 0.5, 3, 20));
            log.OnEpoch(new(3, 1, _losses * 2, 0.75, 0.5, 1.5));
            log.OnEpoch(new(6, 2, _losses, null, 0.25, 1.5));
        }
        Assert.Equal(
            ["step,epoch,batch,loss,objectness,proposal_boxes,classes,boxes,learning_rate,gradient_norm,images_per_second", "1,1,1,2.875,0.5,0.25,2,0.125,0.5,3,20.0"],
            File.ReadAllLines(_folder.File("steps.csv")).Take(2));
        Assert.Equal(
            ["step,epoch,loss,objectness,proposal_boxes,classes,boxes,map,learning_rate,seconds", "3,1,5.75,1,0.5,4,0.25,0.75,0.5,1.50", "6,2,2.875,0.5,0.25,2,0.125,,0.25,1.50"],
            File.ReadAllLines(_folder.File("epochs.csv")));

        // A run that goes on from its second step makes the third anew.
        new DetectionCsvLog(_folder.Path, after: 2).Dispose();
        Assert.Equal(["1", "2"], File.ReadAllLines(_folder.File("steps.csv")).Skip(1).Select(row => row.Split(',')[0]));
    }

    [Fact]
    public void TensorBoard_has_them_too()
    {
        using (var log = new DetectionTensorBoardLog(_folder.Path))
        {
            log.OnStep(new(7, 1, 7, _losses, 0.5, 3, 20));
            log.OnEpoch(new(7, 1, _losses, 0.75, 0.5, 1.5));
        }
        var scalars = TensorBoardFile.Read(Assert.Single(Directory.GetFiles(_folder.Path))).SelectMany(found => found.Scalars).ToDictionary();
        foreach (var group in new[] { "train", "epoch" })
            Assert.Equal([2.875f, 0.5f, 0.25f, 2f, 0.125f], new[] { "loss", "objectness", "proposal_boxes", "classes", "boxes" }.Select(name => scalars[$"{group}/{name}"]));
        Assert.Equal((0.5f, 0.75f), (scalars["train/learning_rate"], scalars["epoch/map"]));
    }
}
