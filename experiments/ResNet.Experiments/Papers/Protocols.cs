using System.Globalization;
using ResNet.Experiments.Pages;
using ResNet.Experiments.Probes;
using ResNet.Reports;

namespace ResNet.Experiments.Papers;

/// <summary>More views of a picture, and more networks (He et al. 2015, section 3.4).</summary>
static class Protocols
{
    // Before the experiment, which is made of it. Top-1 and top-5 error on ImageNet's validation images: Table 3, 10-crop, and Table 4, multi-scale.
    static readonly (string Network, double[] TenCrop, double[] MultiScale)[] _rows =
    [
        ("ResNet-34 A", [25.03, 7.76], []),
        ("ResNet-34 B", [24.52, 7.46], [21.84, 5.71]),
        ("ResNet-34 C", [24.19, 7.40], [21.53, 5.60]),
        ("ResNet-50", [22.85, 6.71], [20.74, 5.25]),
        ("ResNet-101", [21.75, 6.05], [19.87, 4.60]),
        ("ResNet-152", [21.43, 5.71], [19.38, 4.49]),
    ];

    public static Experiment Table { get; } = new()
    {
        Name = "protocols",
        Title = "More views of a picture, and more networks, lower the error",
        Source = "He et al. 2015, sections 3.4 and 4.1, Tables 3, 4 and 5",
        Claim = "Whole pictures at five scales have a lower error than ten crops, 4.49 instead of 5.71 % (ResNet-152, top-5), and six networks together have 3.57 % on the test images.",
        Probe = new ProtocolProbe(),
        Subjects =
        [
            CifarResNets.ResNet20,
            CifarResNets.ResNet32,
            CifarResNets.ResNet44 with { IsExtra = true },
            CifarResNets.ResNet56 with { IsExtra = true },
            CifarResNets.ResNet110 with { IsExtra = true },
        ],
        Present = outcome => [ProtocolSection.Write(outcome), Paper(), .. Errors.Of(outcome)],
    };

    static ReportSection Paper() => new("paper", "The paper's numbers")
    {
        Paragraphs =
        [
            "Errors in percent on ImageNet's 50,000 validation images; the last row is of the test images.",
            "What the 3.57 % take: weights of six networks of different depths, two of them ResNet-152, trained by the recipe paper-imagenet; whole pictures at many scales; and ImageNet's test server, which alone knows the right classes. On the validation images: resnet evaluate MODEL… --weights FILE… --data imagenet/val --ensemble --tta multi-scale.",
        ],
        Tables =
        [
            new("paper", "He et al. 2015, Tables 3, 4 and 5",
                ["network", "10-crop, top-1", "10-crop, top-5", "multi-scale, top-1", "multi-scale, top-5"],
                [.. _rows.Select(row => (string[])[row.Network, .. Cells(row.TenCrop), .. Cells(row.MultiScale)]), ["six networks (ILSVRC 2015)", "–", "–", "–", "3.57"]]),
        ],
    };

    static IEnumerable<string> Cells(double[] errors) => errors.Length == 0 ? ["–", "–"] : errors.Select(error => error.ToString("F2", CultureInfo.InvariantCulture));
}
