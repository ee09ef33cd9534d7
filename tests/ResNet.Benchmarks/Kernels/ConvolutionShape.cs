using System.Globalization;
using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Programs;

namespace ResNet.Benchmarks.Kernels;

/// <summary>Convolutions in which the papers' networks spend their time, under the names that a table of results shows.</summary>
readonly record struct ConvolutionShape(int In, int Out, int Size, int Kernel, int Stride = 1, int Groups = 1)
{
    /// <summary>Of ResNet-18 and 50 (He et al. 2015, Table 1), CIFAR ResNet-20 (section 4.2), ResNeXt-50 32×4d.</summary>
    static readonly ConvolutionShape[] _all =
    [
        new(3, 64, 224, 7, 2),
        new(64, 64, 56, 3), new(128, 128, 28, 3), new(256, 256, 14, 3), new(512, 512, 7, 3),
        new(64, 128, 56, 3, 2), new(256, 512, 14, 3, 2),
        new(64, 256, 56, 1), new(256, 64, 56, 1), new(1024, 256, 14, 1), new(512, 2048, 7, 1), new(256, 512, 56, 1, 2),
        new(16, 16, 32, 3), new(32, 32, 16, 3), new(64, 64, 8, 3),
        new(128, 128, 56, 3, 1, 32), new(512, 512, 14, 3, 1, 32),
    ];

    public static IEnumerable<string> Names => _all.Select(shape => shape.ToString());

    public static ConvGeometry Find(string name) => _all.Single(shape => shape.ToString() == name).Geometry;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kernel}×{Kernel}{(Stride > 1 ? $"/{Stride}" : "")} {In}→{Out} at {Size}{(Groups > 1 ? $", {Groups} groups" : "")}");

    public ConvGeometry Geometry => new(In, Out, Size, Size, Kernel, Stride, Kernel / 2, Groups: Groups);
}
