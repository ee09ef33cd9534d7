namespace ResNet.Dsl;

/// <summary>
/// The shape of each layer's output, and every reason why a layer cannot follow its input. The builder, the compiler
/// and the runtime all ask here.
/// </summary>
static class ShapeInference
{
    /// <summary>Most channels, units or groups; far above every published network.</summary>
    public const int MaxChannels = 1 << 16;

    /// <summary>Most rows or columns of a feature map, kernel, stride or padding.</summary>
    public const int MaxSize = 1 << 14;

    /// <summary>Most values of one activation or tensor: what 32-bit indices address.</summary>
    const long MaxElements = int.MaxValue;

    /// <summary>The output's shape per image.</summary>
    /// <exception cref="NetworkException">The layer cannot follow an input of that shape.</exception>
    public static Shape Output(Layer layer, Shape input) => layer switch
    {
        Sequence sequence => sequence.Layers.Aggregate(input, (shape, child) => Output(child, shape)),
        Repeat => input,
        Residual residual => Output(residual.Activation, Output(residual.Main, input)),
        Conv2d conv => Convolve(conv, input),
        MaxPool pool => Pool(pool.Kernel, pool.Stride, pool.Padding, input),
        AveragePool pool => Pool(pool.Kernel, pool.Stride, pool.Padding, input),
        GlobalAveragePool => new(input.Channels, 1, 1),
        Dense dense => Connect(dense, input),
        ZeroPad pad => new(pad.Channels, (input.Height - 1) / pad.Stride + 1, (input.Width - 1) / pad.Stride + 1),
        _ => input,
    };

    /// <summary>Checks a size that a declaration gives.</summary>
    /// <exception cref="NetworkException">It is not between the bounds.</exception>
    public static void Check(int value, int least, int most, string argument)
    {
        if (value < least || value > most)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"{argument} is {value}, which is not between {least} and {most}", argument);
    }

    /// <summary>Checks that an option is one of those there are.</summary>
    /// <exception cref="NetworkException">It is a number without a name.</exception>
    public static void CheckDefined<T>(T value, string argument) where T : struct, Enum
    {
        if (!Enum.IsDefined(typeof(T), value))
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"{argument} is {value}, which is none of {string.Join(", ", Enum.GetNames(typeof(T)))}", argument);
    }

    /// <summary>Checks the shape of a network's input.</summary>
    /// <exception cref="NetworkException">A size is out of range.</exception>
    public static void CheckInput(Shape shape)
    {
        Check(shape.Channels, 1, MaxChannels, "channels");
        Check(shape.Height, 1, MaxSize, "height");
        Check(shape.Width, 1, MaxSize, "width");
        CheckElements(shape.Elements, "channels", "The input " + shape);
    }

    static Shape Convolve(Conv2d conv, Shape input)
    {
        Check(conv.Channels, 1, MaxChannels, "channels");
        Check(conv.Dilation, 1, MaxSize, "dilation");
        Check(conv.Groups, 1, MaxChannels, "groups");
        if (input.Channels % conv.Groups != 0 || conv.Channels % conv.Groups != 0)
            throw new NetworkException(ErrorIds.GroupsDoNotDivide,
                $"{conv.Groups} groups do not divide {input.Channels} input and {conv.Channels} output channels", "groups");
        var (height, width) = Window(conv.Kernel, conv.Stride, conv.Padding, MaxSize, conv.Dilation, input);
        var weights = (long)conv.Channels * (input.Channels / conv.Groups) * conv.Kernel * conv.Kernel;
        CheckElements(weights, "channels", $"The weight {conv.Channels}×{input.Channels / conv.Groups}×{conv.Kernel}×{conv.Kernel}");
        var output = new Shape(conv.Channels, height, width);
        CheckElements(output.Elements, "channels", "The output " + output);
        return output;
    }

    static Shape Pool(int kernel, int stride, int padding, Shape input)
    {
        var (height, width) = Window(kernel, stride, padding, kernel / 2, 1, input);
        return input with { Height = height, Width = width };
    }

    static Shape Connect(Dense dense, Shape input)
    {
        Check(dense.Units, 1, MaxChannels, "units");
        if (!input.IsVector)
            throw new NetworkException(ErrorIds.DenseOnFeatureMaps,
                $"Dense would flatten {input} feature maps into {input.Elements} values; pool them first, for instance with GlobalAveragePool()");
        return new(dense.Units, 1, 1);
    }

    static (int Height, int Width) Window(int kernel, int stride, int padding, int mostPadding, int dilation, Shape input)
    {
        Check(kernel, 1, MaxSize, "kernel");
        Check(stride, 1, MaxSize, "stride");
        Check(padding, 0, mostPadding, "padding");
        var reach = (long)dilation * (kernel - 1) + 1;
        if (reach > input.Height + 2L * padding || reach > input.Width + 2L * padding)
            throw new NetworkException(ErrorIds.KernelTooLarge,
                $"A {reach}×{reach} kernel does not fit into its input {input} padded by {padding}, {input.Height + 2L * padding}×{input.Width + 2L * padding}", "kernel");
        if (stride > 1 && (input.Height == 1 || input.Width == 1))
            throw new NetworkException(ErrorIds.ShrinksBelowOne,
                $"A stride of {stride} would shrink {input.Channels} feature maps of {input.Height}×{input.Width} below 1×1; use a larger input image or fewer strides", "stride");
        int Out(int size) => (int)((size + 2L * padding - reach) / stride) + 1;
        return (Out(input.Height), Out(input.Width));
    }

    static void CheckElements(long elements, string argument, string what)
    {
        if (elements > MaxElements)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"{what} has {elements} values, more than {MaxElements}", argument);
    }
}
