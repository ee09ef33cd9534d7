namespace ResNet.Dsl;

/// <summary>The sides of an architecture's input image.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="HeightOption">The attribute's property that gives the height.</param>
/// <param name="WidthOption">The attribute's property that gives the width.</param>
readonly record struct ImageSides(int Height, int Width, string HeightOption, string WidthOption)
{
    /// <summary>The option to make smaller where the image is too large.</summary>
    public string LongerOption => Height >= Width ? HeightOption : WidthOption;

    public override string ToString() => $"{Height}×{Width}";
}
