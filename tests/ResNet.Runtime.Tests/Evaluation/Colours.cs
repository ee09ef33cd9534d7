using ResNet.Dsl;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Evaluation;

/// <summary>Classes 0, 1 and 2 are as likely as a picture is red, green and blue; classes 3 to 7 are less likely, in this order.</summary>
[Network]
sealed partial class Colours
{
    static void Define(NetworkBuilder net) => net.Input(3, 4, 4).GlobalAveragePool().Dense(8);

    public static Colours Create()
    {
        var net = new Colours { Preprocessing = new(4, 4, 4) { Mean = [0, 0, 0], Deviation = [1, 1, 1] } };
        var weight = net.Parameters.Tensors[0].Edit();
        weight.Clear();
        for (var channel = 0; channel < 3; channel++) weight[3 * channel + channel] = 1;
        var bias = net.Parameters.Tensors[1].Edit();
        for (var index = 0; index < 8; index++) bias[index] = index < 3 ? 0 : -index;
        return net;
    }
}

/// <summary>Pictures of a colour each, by the class of the colour.</summary>
sealed class ColouredPictures(params (int Colour, int Class)[] pictures) : ImageDataset
{
    /// <summary>The colour of a picture that cannot be read.</summary>
    public const int Broken = -1;

    public override string Description => "coloured pictures";

    public override IReadOnlyList<string> Classes => ["red", "green", "blue", "3", "4", "5", "6", "7"];

    public override int Count => pictures.Length;

    public override int ClassOf(int index) => pictures[index].Class;

    public override string NameOf(int index) => $"picture {index}";

    public override Image Load(int index)
    {
        if (pictures[index].Colour == Broken) throw new DatasetException($"{NameOf(index)} is broken");
        var pixels = new byte[3 * 5 * 6];
        for (var pixel = 0; pixel < 5 * 6; pixel++) pixels[3 * pixel + pictures[index].Colour] = 200;
        return Image.FromRgb(5, 6, pixels);
    }
}
