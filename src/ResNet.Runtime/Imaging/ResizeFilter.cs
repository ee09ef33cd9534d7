namespace ResNet.Runtime;

/// <summary>The weights of the source pixels under a result pixel in <see cref="Image.Resize"/>.</summary>
public enum ResizeFilter
{
    /// <summary>The nearest source pixel alone; no antialiasing.</summary>
    Nearest,

    /// <summary>The mean of the source pixels under the result pixel.</summary>
    Box,

    /// <summary>A triangle as wide as two result pixels; what networks are usually trained with.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = −0.5, four result pixels wide (Keys, "Cubic Convolution Interpolation", 1981).</summary>
    Bicubic,
}
