using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Pictures as red as their index, of one pixel by default.</summary>
sealed class NumberedImages(int count, Predicate<int>? broken = null) : ImageDataset
{
    int _loads;

    public int Loads => Volatile.Read(ref _loads);

    public Func<int, (int Width, int Height)> Size { get; init; } = _ => (1, 1);

    public Action<int> Loading { get; init; } = _ => { };

    public override string Description => "numbered";

    public override IReadOnlyList<string> Classes => ["0", "1", "2", "3", "4", "5", "6"];

    public override int Count => count;

    public override int ClassOf(int index) => index % 7;

    public string Prefix { get; init; } = "";

    public override string NameOf(int index) => $"{Prefix}image {index}";

    public override Image Load(int index)
    {
        Interlocked.Increment(ref _loads);
        Loading(index);
        if (broken?.Invoke(index) == true) throw new DatasetException($"image {index} is broken");
        var (width, height) = Size(index);
        return Image.FromRgb(width, height, [.. Enumerable.Range(0, width * height).SelectMany(_ => new byte[] { (byte)index, 0, 0 })]);
    }
}
