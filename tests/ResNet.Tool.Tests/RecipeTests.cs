using ResNet.Tool.Data;
using ResNet.Tool.Training;

namespace ResNet.Tool.Tests;

public sealed class RecipeTests
{
    [Theory]
    [InlineData(32, 32, "fast-cifar")]
    [InlineData(64, 20, "fast-cifar")]
    [InlineData(224, 224, "paper-imagenet")]
    [InlineData(48, 640, "paper-imagenet")]
    [InlineData(640, 48, "paper-imagenet")]
    public void An_input_is_small_if_neither_side_is_long(int height, int width, string recipe)
    {
        Assert.Equal(recipe, Recipe.For(new(3, height, width)).Name);
        Assert.Equal(recipe == "fast-cifar", Datasets.IsSmall(new(3, height, width)));
    }
}
