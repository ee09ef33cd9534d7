using ResNet.Runtime;

namespace ResNet.Zoo;

/// <summary>Weights that are published for a model, with their purpose and their accuracy.</summary>
/// <param name="Name">The data that they were trained on, and the name of the weights.</param>
/// <param name="File">Name of the file in <see cref="PublishedWeights"/>.</param>
/// <param name="Labels">The names of the classes, by index.</param>
/// <param name="Preprocessing">The conversion of a picture to the input with which the weights were validated.</param>
/// <param name="Top1">Part of the validation images whose likeliest class is the right one, from 0 to 1, as the publisher states it.</param>
/// <param name="Top5">Part of the validation images whose right class is among the five likeliest, from 0 to 1, likewise.</param>
public sealed record Pretrained(string Name, string File, IReadOnlyList<string> Labels, Preprocessing Preprocessing, double Top1, double Top5)
{
    /// <summary>The address of the published file.</summary>
    public Uri Address => new(new PublishedWeightsOptions().BaseAddress, File);

    /// <summary>The first eight digits of the file's SHA-256, which its name ends in.</summary>
    public string Hash => Path.GetFileNameWithoutExtension(File)[^8..];

    /// <summary>The weights that torchvision has trained on ImageNet.</summary>
    internal static Pretrained ImageNet(string model, double top1, double top5) =>
        new("ImageNet (IMAGENET1K_V1)", PublishedWeights.Files[model], Runtime.Labels.ImageNet, Preprocessing.For(new(3, 224, 224)), top1, top5);
}
