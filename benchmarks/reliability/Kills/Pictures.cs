using ResNet.Runtime.Data;

namespace ResNet.Reliability.Kills;

/// <summary>Small drawn pictures in folders of classes, to train and to validate on.</summary>
static class Pictures
{
    const int Classes = 3, TrainingPerClass = 20, ValidationPerClass = 10;

    /// <summary>Writes the pictures.</summary>
    /// <param name="folder">Gets the folders <c>train</c> and <c>validation</c>.</param>
    /// <returns>Both folders.</returns>
    public static (string Train, string Validation) Write(string folder)
    {
        var drawn = new Shapes10(20 * Classes * (TrainingPerClass + ValidationPerClass));
        var (train, validation) = (Path.Combine(folder, "train"), Path.Combine(folder, "validation"));
        var counts = new int[Classes];
        for (var i = 0; i < drawn.Count; i++)
        {
            var number = drawn.ClassOf(i);
            if (number >= Classes || counts[number] == TrainingPerClass + ValidationPerClass) continue;
            var place = Path.Combine(counts[number] < TrainingPerClass ? train : validation, drawn.Classes[number]);
            Directory.CreateDirectory(place);
            drawn.Load(i).SavePng(Path.Combine(place, $"{counts[number]++:D3}.png"));
        }
        return (train, validation);
    }
}
