using ResNet.Dsl;
using ResNet.Runtime.Data;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

/// <summary>Batch normalization over 1×1 maps has no variance in a batch of one image.</summary>
public sealed class LastBatchTests
{
    static readonly TrainerOptions _options = new() { Epochs = 1, Schedule = new ConstantSchedule(0.01) };

    [Theory]
    [InlineData(9, 4)]
    [InlineData(3, 1)]
    [InlineData(1, 4)]
    public void A_last_batch_of_one_image_is_told_before_the_first_step(int images, int batch)
    {
        using var net = Create(height: 1);
        var before = net.Parameters.Trained.ToArray();
        using var loader = Loader(images, batch);
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(net, loader, _options));
        Assert.StartsWith("The smallest batch of an epoch has 1 image. Batch normalization \"", error.Message, StringComparison.Ordinal);
        Assert.Contains("DataLoaderOptions.DropLast", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, net.Parameters.Trained);
    }

    [Theory]
    [InlineData(1, 10, false)]
    [InlineData(1, 9, true)]
    [InlineData(2, 9, false)]
    public void Without_one_the_epoch_comes_to_its_end(int height, int images, bool dropLast)
    {
        using var net = Create(height);
        using var loader = Loader(images, 4, dropLast);
        using var trainer = new Trainer(net, loader, _options);
        Assert.Equal(loader.Batches, trainer.Run().Steps);
    }

    [Fact]
    public void Statistics_that_are_frozen_need_no_second_image()
    {
        using var net = Create(height: 1);
        using var loader = Loader(9, 4);
        using var trainer = new Trainer(net, loader, _options with { FreezeThrough = "bn", FreezeStatistics = true });
        Assert.Equal(3, trainer.Run().Steps);
    }

    static DataLoader Loader(int images, int batch, bool dropLast = false) => new(
        new Shapes10(images), new ScaleAspectCrop { Normalization = new(4, 4, 4) }, new() { BatchSize = batch, DropLast = dropLast });

    /// <summary>A network whose batch normalization sees maps of that height.</summary>
    static Network Create(int height) => Network.Create(TestNetworks.Build(3, 4, 4, net => net
        .Conv(4, 4 - (height - 1)).BatchNorm(name: "bn").Relu().GlobalAveragePool().Dense(10)));
}
