using ResNet.Dsl;

namespace ResNet.Runtime.Data;

/// <summary>Images as they are classified.</summary>
/// <param name="Preprocessing">The network's preprocessing.</param>
sealed record Unchanged(Preprocessing Preprocessing) : IAugmentation
{
    public Shape Output => new(Preprocessing.Channels, Preprocessing.Height, Preprocessing.Width);

    public string Identity => $"{nameof(Unchanged)} {{ {Preprocessing} }}";

    public void Apply(Image image, ulong seed, int epoch, int index, Span<float> to) => Preprocessing.Apply(image, to);
}
