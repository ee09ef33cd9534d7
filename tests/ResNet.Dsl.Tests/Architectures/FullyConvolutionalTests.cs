namespace ResNet.Dsl.Tests.Architectures;

/// <summary>Networks with convolutions in the place of dense layers that read flattened maps.</summary>
public class FullyConvolutionalTests
{
    /// <summary>The layers are those that VGG declares itself, under the numbers of the dense ones.</summary>
    [Theory]
    [InlineData(11, false)]
    [InlineData(16, true)]
    public void Of_vgg_it_is_the_form_that_the_architecture_declares(int depth, bool batchNorm)
    {
        var dense = new VggAttribute { Depth = depth, BatchNorm = batchNorm }.Define("Vgg");
        var form = dense.ToFullyConvolutional();
        var declared = new VggAttribute { Depth = depth, BatchNorm = batchNorm, FullyConvolutional = true }.Define("Vgg");
        Assert.Equal(declared.Body.Layers, form.Body.Layers.Where(layer => layer.Name != "flatten"));
        form.Validate();
        foreach (var (before, after) in dense.Layers().Zip(form.Layers()))
        {
            Assert.Equal((before.Index, before.Name), (after.Index, after.Name));
            Assert.Equal(before.Parameters.Select(parameter => (parameter.Name, parameter.Kind, parameter.Elements)), after.Parameters.Select(parameter => (parameter.Name, parameter.Kind, parameter.Elements)));
        }
        Assert.Equal(dense.Output, form.WithInputSize(256, 384).Output);
    }

    [Fact]
    public void Networks_that_need_none_or_have_none_stay_as_they_are()
    {
        NetworkDefinition[] networks =
        [
            new ResNetAttribute { Depth = 18 }.Define("ResNet"),
            new NetworkBuilder().Input(3, 8, 9).Flatten().Dense(5).Build("not square"),
            new NetworkBuilder().Input(3, 8, 8).Flatten().Relu().Dense(5).Build("not read by a dense layer"),
        ];
        Assert.All(networks, network => Assert.Same(network, network.ToFullyConvolutional()));
    }
}
