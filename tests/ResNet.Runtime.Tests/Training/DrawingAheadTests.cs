using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>The trainer on a device that computes by itself: the next batch is drawn and sent meanwhile.</summary>
public class DrawingAheadTests : TrainerTests
{
    protected override bool DrawsAhead => true;

    [Fact]
    public void A_batch_is_sent_while_the_step_before_runs_and_the_first_of_an_epoch_when_its_turn_has_come()
    {
        using var net = new ToyNet();
        var events = new List<string>();
        var gradients = new ReferenceGradients(net) { DrawsAhead = true, OnEvent = events.Add };
        using (var trainer = new Trainer(net, new ToyBatches(batches: 2) { OnEvent = events.Add }, new() { Epochs = 2 }, gradients) { Observers = [new Recorder(_ => events.Add("told"))] })
            trainer.Run();
        string[] epoch = ["draw", "send", "run", "draw", "send", "ran", "told", "run", "draw", "ran", "told"];
        Assert.Equal([.. epoch, .. epoch], events);
    }
}
