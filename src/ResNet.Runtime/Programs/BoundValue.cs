using ResNet.Dsl;

namespace ResNet.Runtime.Programs;

/// <summary>A value of a program: one operation writes it to a slot, later ones read it.</summary>
/// <param name="shape">Its shape per image.</param>
/// <param name="slot">The slot that holds it.</param>
sealed class BoundValue(Shape shape, int slot)
{
    BoundValue? _sharesPlaceWith;
    int _border;

    /// <summary>Shape per image.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>The slot that holds it.</summary>
    public int Slot { get; } = slot;

    /// <summary>Rows and columns of zeros that its readers want around each feature map.</summary>
    public int Border => Root._border;

    /// <summary>Whether only convolutions without groups read it.</summary>
    public bool FeedsDenseConvolutionsOnly { get; private set; } = true;

    /// <summary>Notes a reader.</summary>
    /// <param name="isDenseConvolution">Whether it is a convolution without groups.</param>
    /// <param name="border">Rows and columns of zeros that it wants around each feature map.</param>
    public BoundValue ReadBy(bool isDenseConvolution, int border = 0)
    {
        FeedsDenseConvolutionsOnly &= isDenseConvolution;
        Root._border = Math.Max(Root._border, border);
        return this;
    }

    /// <summary>Gives both the same border, so that one can be written over the other element by element.</summary>
    public void SharePlaceWith(BoundValue other)
    {
        var (mine, others) = (Root, other.Root);
        if (mine == others) return;
        mine._border = Math.Max(mine._border, others._border);
        others._sharesPlaceWith = mine;
    }

    BoundValue Root => _sharesPlaceWith?.Root ?? this;
}
