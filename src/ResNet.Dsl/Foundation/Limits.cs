namespace ResNet.Dsl;

/// <summary>The ranges of what a declaration gives. The builder, the attributes and the layers all ask here.</summary>
static class Limits
{
    /// <summary>Most channels, units or groups; far above every published network.</summary>
    public const int MaxChannels = 1 << 16;

    /// <summary>Most rows or columns of a feature map, kernel, stride or padding.</summary>
    public const int MaxSize = 1 << 14;

    /// <summary>Most iterations of one repeat; ResNet-1202's longest stage has 200.</summary>
    public const int MaxCount = 1 << 14;

    /// <summary>Most layers of an unrolled network; ResNet-1202 has some four thousand.</summary>
    public const int MaxLayers = 1 << 16;

    /// <summary>Most values of one activation or tensor: what 32-bit indices address.</summary>
    public const long MaxElements = int.MaxValue;

    /// <summary>Checks a size that a declaration gives.</summary>
    /// <exception cref="NetworkException">It is not between the bounds.</exception>
    public static void Check(int value, int least, int most, string argument)
    {
        if (value < least || value > most)
            throw new NetworkException(ErrorIds.SizeOutOfRange, $"{argument} is {value}, which is not between {least} and {most}", argument);
    }

    /// <summary>Checks a real number that a declaration gives.</summary>
    /// <exception cref="NetworkException">The condition does not hold.</exception>
    public static void Check(bool holds, double value, string argument, string range)
    {
        if (!holds)
            throw new NetworkException(ErrorIds.SizeOutOfRange, FormattableString.Invariant($"{argument} is {value}, which is not {range}"), argument);
    }

    /// <summary>Checks that a real number is finite in single precision, in which devices compute.</summary>
    /// <exception cref="NetworkException">It is not.</exception>
    public static void CheckFinite(double value, string argument) => Check(Math.Abs(value) <= float.MaxValue, value, argument, "finite");

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
        if (shape.Elements > MaxElements) throw TooLarge(shape.Elements, "channels", "The input " + shape);
    }

    /// <summary>The error of an activation or tensor of more than <see cref="MaxElements"/> values.</summary>
    public static NetworkException TooLarge(long elements, string argument, string what) =>
        new(ErrorIds.SizeOutOfRange, $"{what} has {elements} values, more than {MaxElements}", argument);
}
