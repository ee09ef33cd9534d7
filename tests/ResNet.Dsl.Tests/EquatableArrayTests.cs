namespace ResNet.Dsl.Tests;

public class EquatableArrayTests
{
    [Fact]
    public void Arrays_are_equal_when_their_items_are()
    {
        EquatableArray<string> one = new(["a", "b"]), same = new(["a", "b"]), other = new(["b", "a"]);
        Assert.True(one == same && one.Equals((object)same));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.True(one != other);
        Assert.NotEqual(one, new(["a"]));
    }

    [Fact]
    public void The_default_is_empty()
    {
        EquatableArray<int> none = default;
        Assert.Empty(none);
        Assert.Equal(none, new([]));
        Assert.Equal(none.GetHashCode(), new EquatableArray<int>([]).GetHashCode());
    }

    [Fact]
    public void Items_are_copied()
    {
        int[] items = [1, 2];
        var array = new EquatableArray<int>(items);
        items[0] = 9;
        Assert.Equal([1, 2], array);
    }
}
