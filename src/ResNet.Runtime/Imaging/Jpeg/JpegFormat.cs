namespace ResNet.Runtime.Imaging.Jpeg;

/// <summary>JPEG, as <see cref="JpegDecoder"/> reads it.</summary>
sealed class JpegFormat : IImageDecoder
{
    public string Name => "JPEG";

    public IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif"];

    public bool Recognizes(ReadOnlySpan<byte> content) => content.StartsWith([(byte)0xFF, Marker.StartOfImage, (byte)0xFF]);

    public ImageInfo Identify(ReadOnlySpan<byte> content) => JpegDecoder.Identify(content);

    public Image Decode(ReadOnlySpan<byte> content) => JpegDecoder.Decode(content);
}
