namespace ResNet.Dsl;

/// <summary>The square window of a convolution or a pooling, which slides over its padded input.</summary>
/// <param name="Kernel">Height and width.</param>
/// <param name="Stride">Step in both directions.</param>
/// <param name="Padding">Cells added on each of the four sides.</param>
/// <param name="Dilation">Distance between the cells that it covers.</param>
/// <param name="CeilMode">Whether a last window may reach beyond the padded input, which it must begin inside of the image or the padding before it.</param>
readonly record struct Window(int Kernel, int Stride, int Padding, int Dilation = 1, bool CeilMode = false)
{
    /// <summary>The number of its positions.</summary>
    /// <exception cref="NetworkException">A size is out of range, or the window does not fit.</exception>
    public (int Height, int Width) Positions(Shape input, int mostPadding)
    {
        Limits.Check(Kernel, 1, Limits.MaxSize, "kernel");
        Limits.Check(Stride, 1, Limits.MaxSize, "stride");
        Limits.Check(Padding, 0, mostPadding, "padding");
        var reach = (long)Dilation * (Kernel - 1) + 1;
        var (height, width) = (input.Height + 2L * Padding, input.Width + 2L * Padding);
        if (reach > height || reach > width)
            throw new NetworkException(ErrorIds.KernelTooLarge,
                $"A {reach}×{reach} kernel does not fit into its input {input} padded by {Padding}, {height}×{width}", "kernel");
        if (Stride > 1 && (input.Height == 1 || input.Width == 1))
            throw new NetworkException(ErrorIds.ShrinksBelowOne,
                $"A stride of {Stride} would shrink {input.Channels} feature maps of {input.Height}×{input.Width} below 1×1; use a larger input image or fewer strides", "stride");
        return (Count(input.Height, height - reach), Count(input.Width, width - reach));
    }

    /// <summary>The number of positions along an axis.</summary>
    /// <param name="size">Cells of the image.</param>
    /// <param name="room">Cells of the padded image beyond the first position.</param>
    int Count(int size, long room)
    {
        var whole = room / Stride;
        return (int)whole + (CeilMode && room % Stride > 0 && (whole + 1) * Stride < size + Padding ? 2 : 1);
    }

    /// <summary>The shape of a pooling, whose padding never covers a whole window.</summary>
    /// <exception cref="NetworkException">A size is out of range, or the window does not fit.</exception>
    public Shape Pool(Shape input)
    {
        var (height, width) = Positions(input, Kernel / 2);
        return input with { Height = height, Width = width };
    }
}
