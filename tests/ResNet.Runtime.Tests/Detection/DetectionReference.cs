using ResNet.Runtime.Detection.Boxes;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Detection;

/// <summary>
/// Results of torchvision that stand beside a checkout, in <c>../shared/detection/ref</c>. They are not part of the project: tests that read them
/// are skipped, visibly, where they are absent.
/// </summary>
sealed class DetectionReference
{
    static readonly string _folder = Path.Combine(SharedData.Root, "..", "shared", "detection", "ref");

    readonly Dictionary<string, float[]> _numbers;
    readonly Dictionary<string, long[]> _integers;

    DetectionReference(string path) => (_numbers, _integers) = (ReferenceFiles.Safetensors(path).Tensors, ReferenceFiles.SafetensorsIntegers(path));

    public static bool Exists => Directory.Exists(_folder);

    public static string File(string name) => Path.Combine(_folder, name + ".safetensors");

    public static DetectionReference Open(string name) => new(File(name));

    public bool Contains(string name) => _numbers.ContainsKey(name);

    public float[] Numbers(string name) => _numbers[name];

    public double[] Doubles(string name) => Array.ConvertAll(_numbers[name], value => (double)value);

    public int[] Integers(string name) => Array.ConvertAll(_integers[name], checked(value => (int)value));

    public Box[] Boxes(string name) => [.. Numbers(name).Chunk(4).Select(box => new Box(box[0], box[1], box[2], box[3]))];

    public BoxDeltas[] Deltas(string name) => [.. Numbers(name).Chunk(4).Select(deltas => BoxDeltas.Of(deltas))];

    /// <summary>Objects at the boxes of a tensor, all of the first class.</summary>
    public ObjectAnnotation[] Objects(string name) => Array.ConvertAll(Boxes(name), box => new ObjectAnnotation(0, box));

    /// <summary>One of several images.</summary>
    public float[] Image(string name, int image, int images) => _numbers[name].Chunk(_numbers[name].Length / images).ElementAt(image);

    /// <summary>The anchors of <c>rpn_losses</c> and of the networks: three sizes and ratios.</summary>
    public static AnchorGrid Anchors { get; } = AnchorGrid.Centered([32, 64, 128], [0.5, 1, 2], 16);

    /// <summary>Asserts that numbers agree within a share of the greatest expected one.</summary>
    public static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var greatest = 0.0;
        foreach (var value in expected) greatest = Math.Max(greatest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * greatest)) Assert.Fail($"At {i}: {actual[i]} instead of {expected[i]}; greatest {greatest}.");
    }

    /// <summary>Asserts that the sides of boxes agree, in pixels.</summary>
    public static void Near(Box[] expected, Box[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var (a, b) = (expected[i], actual[i]);
            var off = Math.Max(Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));
            if (!(off <= tolerance)) Assert.Fail($"At {i}: {b} instead of {a}.");
        }
    }
}

/// <summary>A fact that needs <see cref="DetectionReference"/>.</summary>
sealed class DetectionReferenceFactAttribute : FactAttribute
{
    public DetectionReferenceFactAttribute() => Skip = DetectionReference.Exists ? null : "../shared/detection/ref is absent";
}

/// <summary>A theory that needs <see cref="DetectionReference"/>.</summary>
sealed class DetectionReferenceTheoryAttribute : TheoryAttribute
{
    public DetectionReferenceTheoryAttribute() => Skip = DetectionReference.Exists ? null : "../shared/detection/ref is absent";
}
