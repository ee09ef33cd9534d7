namespace ResNet.Runtime.Cpu.Memory;

/// <summary>Rows of one image.</summary>
readonly record struct ImageStrip(int Image, int FirstRow, int EndRow);

/// <summary>Rows counted through all the images of a batch, image by image: <c>foreach</c> yields an <see cref="ImageStrip"/> for each image touched.</summary>
/// <param name="first">The first row, image · height + y.</param>
/// <param name="end">One beyond the last.</param>
/// <param name="height">Rows of an image.</param>
struct ImageStrips(int first, int end, int height)
{
    int _next = first;

    public ImageStrip Current { get; private set; }

    public readonly ImageStrips GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= end) return false;
        var image = _next / height;
        var row = _next - image * height;
        var endRow = Math.Min(height, row + end - _next);
        Current = new(image, row, endRow);
        _next += endRow - row;
        return true;
    }
}
