using ResNet.Runtime;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

public sealed class DetectTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _detector, _pictures;

    public DetectTests()
    {
        _detector = _folder.File("detector.safetensors");
        using var detector = DetectorModels.ShapesDetector.Create();
        detector.Save(_detector);
        _pictures = DrawnScenes.DrawPictures(_folder, "pictures", 3);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task JSON_has_what_the_library_finds()
    {
        // Random weights are sure of nothing.
        var report = await Tool.RunJsonAsync("detect", _detector, _pictures, "--threshold", "0.15", "--threads", "1");
        Assert.Equal((_detector, 0.15), (report.GetProperty("model").GetString(), report.GetProperty("threshold").GetDouble()));
        using var detector = Detector.Open(_detector, new CpuDevice(1));
        var images = report.GetProperty("images").EnumerateArray().ToList();
        Assert.Equal(3, images.Count);
        Assert.Contains(images, image => image.GetProperty("objects").GetArrayLength() > 0);
        foreach (var image in images)
        {
            var expected = detector.Detect(Image.Load(image.GetProperty("file").GetString()!), 0.15);
            Assert.Equal(expected.Select(found => (found.Label, found.Name, found.Score, found.Box.X1, found.Box.Y2)), image.GetProperty("objects").EnumerateArray().Select(found => (
                found.GetProperty("class").GetInt32(), found.GetProperty("label").GetString()!, found.GetProperty("score").GetDouble(),
                found.GetProperty("box").GetProperty("x1").GetDouble(), found.GetProperty("box").GetProperty("y2").GetDouble())));
        }
    }

    [Fact]
    public async Task Text_names_the_files_and_their_objects()
    {
        var (exitCode, output, error) = await Tool.RunAsync("detect", _detector, $"{_pictures}/*.png", "--threshold", "0.15");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"^.*0\.png\n(  +\d+\.\d %  \w+  \d+,\d+ – \d+,\d+\n|  no objects\n)+.*1\.png\n", output);
        // By a model's name, the same weights find the same.
        Assert.Equal(output, (await Tool.RunAsync("detect", "SHAPES-DETECTOR", "--weights", _detector, $"{_pictures}/*.png", "--threshold", "0.15")).Out);
        Assert.Contains("no objects", (await Tool.RunAsync("detect", _detector, $"{_pictures}/0.png", "--threshold", "1")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drawings_replace_no_picture()
    {
        var more = DrawnScenes.DrawPictures(_folder, "more", 1);
        // Where a drawing would go, there is a picture that is looked at.
        var taken = _folder.File("more/0.detected.png");
        File.Copy(_folder.File("pictures/1.png"), taken);
        var before = File.ReadAllBytes(taken);
        var report = await Tool.RunJsonAsync("detect", _detector, _pictures, more, "--out", more, "--threshold", "0.15");
        var drawings = report.GetProperty("images").EnumerateArray().Select(image => Path.GetFileName(image.GetProperty("drawing").GetString())).ToList();
        Assert.Equal(["0.detected-2.png", "1.detected.png", "2.detected.png", "0.detected.detected.png", "0.detected-3.png"], drawings);
        Assert.Equal(before, File.ReadAllBytes(taken));
        var found = report.GetProperty("images")[0];
        Assert.True(found.GetProperty("objects").GetArrayLength() > 0);
        Assert.NotEqual(Image.Load(_folder.File("pictures/0.png")).Pixels.ToArray(), Image.Load(_folder.File("more/0.detected-2.png")).Pixels.ToArray());
        // A folder that is not there is made.
        var (exitCode, output, _) = await Tool.RunAsync("detect", _detector, $"{_pictures}/2.png", "--out", _folder.File("new/folder"));
        Assert.Equal(0, exitCode);
        Assert.Contains("2.detected.png", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("new/folder/2.detected.png")));
    }

    [Fact]
    public async Task A_bad_image_does_not_keep_others_from_being_looked_at()
    {
        var broken = _folder.Write("broken.jpg", "no image");
        var (exitCode, output, error) = await Tool.RunAsync("detect", _detector, broken, _folder.File("none.jpg"), _folder.File("nothing*.png"), $"{_pictures}/0.png");
        Assert.Equal(1, exitCode);
        Assert.StartsWith(_folder.File("pictures/0.png"), output, StringComparison.Ordinal);
        var errors = error.TrimEnd().Split('\n');
        Assert.Equal(3, errors.Length);
        Assert.All(errors.Zip(["broken.jpg", "none.jpg", "nothing*.png"]), pair => Assert.Contains(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--threshold: expected a number from 0 to 1", "shapes-detector", "x.png", "--threshold", "1.5")]
    [InlineData("--threshold: expected a number from 0 to 1", "shapes-detector", "x.png", "--threshold", "half")]
    [InlineData("Required argument 'IMAGE' missing", "shapes-detector")]
    [InlineData("There is no option --thresold", "shapes-detector", "x.png", "--thresold", "0.1")]
    [InlineData("resnet18 is a classifier", "resnet18", "x.png")]
    [InlineData("fasterrcnn-resnet has 18, 34, 50, 101, 152 layers", "fasterrcnn-resnet20", "x.png")]
    public async Task A_wrong_command_line_is_a_usage_error(string expected, params string[] args) =>
        Assert.Contains(expected, await Tool.RunFailingAsync(2, ["detect", .. args]), StringComparison.Ordinal);

    [Fact]
    public async Task Files_of_the_wrong_kind_are_named()
    {
        var (classifier, picture) = (Tool.SaveResNet20(_folder), $"{_pictures}/0.png");
        Assert.Contains($"{classifier}: the file is a classifier's", await Tool.RunFailingAsync(1, "detect", classifier, picture), StringComparison.Ordinal);
        Assert.Contains($"{_detector}: the file is a detector's", await Tool.RunFailingAsync(1, "classify", _detector, picture), StringComparison.Ordinal);
        Assert.Contains("shapes-detector is a detector", await Tool.RunFailingAsync(2, "classify", "shapes-detector", picture), StringComparison.Ordinal);
        Assert.Contains("nix.safetensors", await Tool.RunFailingAsync(1, "detect", _folder.File("nix.safetensors"), picture), StringComparison.Ordinal);
        Assert.Contains(picture, await Tool.RunFailingAsync(1, "detect", picture, picture), StringComparison.Ordinal);
        Assert.Contains(classifier, await Tool.RunFailingAsync(1, "detect", "shapes-detector", "--weights", classifier, picture), StringComparison.Ordinal);
        Assert.Contains("No weights are published for fasterrcnn-vgg16: give a file", await Tool.RunFailingAsync(1, "detect", "fasterrcnn-vgg16", picture), StringComparison.Ordinal);
        Assert.Contains("picture.txt", await Tool.RunFailingAsync(1, "detect", _detector, picture, "--out", _folder.Write("picture.txt", "")), StringComparison.Ordinal);
    }
}
