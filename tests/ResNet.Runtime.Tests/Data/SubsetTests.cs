using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Some of a data set's images.</summary>
public class SubsetTests
{
    [Fact]
    public void It_has_the_images_in_the_order_given()
    {
        var all = new Shapes10(20);
        var some = all.Subset([15, 3]);
        Assert.Equal((2, 5, 3), (some.Count, some.ClassOf(0), some.ClassOf(1)));
        Assert.Equal(all.NameOf(15), some.NameOf(0));
        Assert.Equal(all.Load(3).Pixels.ToArray(), some.Load(1).Pixels.ToArray());
        Assert.Equal(all.Classes, some.Classes);
        Assert.StartsWith("2 of the 20 images of Shapes10", some.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_that_are_not_there_are_refused()
    {
        var all = new Shapes10(20);
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Subset([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Subset([20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.Subset([0, -1]));
        Assert.Throws<ArgumentNullException>(() => all.Subset(null!));
    }
}
