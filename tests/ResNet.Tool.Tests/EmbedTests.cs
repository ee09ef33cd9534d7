using ResNet.Runtime;

namespace ResNet.Tool.Tests;

/// <summary>Indices of images, features that are measured, and pictures that explain.</summary>
public sealed class EmbedTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _photos, _index;

    public EmbedTests() => (_photos, _index) = (Tool.DrawPhotos(_folder, classes: 3, images: 4), _folder.File("photos.index"));

    public void Dispose() => _folder.Dispose();

    /// <summary>Without a model's name, with the weights that come with the tool.</summary>
    [Fact]
    public async Task An_image_of_the_index_is_most_similar_to_itself()
    {
        var (exitCode, output, error) = await Tool.RunAsync("embed", _photos, "--out", _index);
        Assert.True(exitCode == 0, error);
        Assert.StartsWith($"{_index}: 12 images, 64 features each, by cifar-resnet20 (", output, StringComparison.Ordinal);

        var photo = Directory.GetFiles(_photos, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ElementAt(5);
        var report = await Tool.RunJsonAsync("similar", photo, "--index", _index, "--top", "3");
        Assert.Equal(12, report.GetProperty("indexed").GetInt32());
        var similar = report.GetProperty("images")[0].GetProperty("similar").EnumerateArray().ToList();
        Assert.Equal((3, photo), (similar.Count, similar[0].GetProperty("file").GetString()));
        Assert.Equal(1, similar[0].GetProperty("similarity").GetDouble(), 5);

        (exitCode, output, error) = await Tool.RunAsync("similar", photo, "--index", _index, "--top", "2");
        Assert.Equal((0, ""), (exitCode, error));
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal((photo, $"   1.000  {photo}", 3), (lines[0], lines[1], lines.Length));
    }

    [Fact]
    public async Task An_index_asks_for_the_weights_that_have_made_it()
    {
        var weights = Tool.SaveResNet20(_folder);
        await Tool.RunAsync("embed", _photos, "--model", "cifar-resnet20", "--weights", weights, "--out", _index);
        var photo = Directory.GetFiles(_photos, "*.png", SearchOption.AllDirectories)[0];
        Assert.Equal(0, (await Tool.RunAsync("similar", photo, "--index", _index)).ExitCode);
        using (var other = Network.Open(weights))
        {
            other.Parameters["fc.bias"].Edit(bias => bias[0] += 1);
            other.Save(weights);
        }
        Assert.Contains("was computed with other weights", await Tool.RunFailingAsync(1, "similar", photo, "--index", _index), StringComparison.Ordinal);
        Assert.Contains("no index of embeddings", await Tool.RunFailingAsync(1, "similar", photo, "--index", weights), StringComparison.Ordinal);
        Assert.Contains("--index", await Tool.RunFailingAsync(2, "similar", photo), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_image_is_left_out_and_said()
    {
        _folder.Write("photos/broken.png", "no image");
        var (exitCode, output, error) = await Tool.RunAsync("embed", _photos, "--out", _index);
        Assert.Equal(1, exitCode);
        Assert.Contains("broken.png", error, StringComparison.Ordinal);
        Assert.Contains("12 images", output, StringComparison.Ordinal);
        Assert.Equal(12, EmbeddingIndex.Open(_index).Count);
        File.Delete(_index);
        Assert.Equal(1, (await Tool.RunAsync("embed", Path.Combine(_photos, "broken.png"), "--out", _index)).ExitCode);
        Assert.False(File.Exists(_index));
        Assert.Contains("there is no folder", await Tool.RunFailingAsync(1, "embed", _photos, "--out", _folder.File("nowhere/photos.index")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("knn")]
    [InlineData("linear")]
    public async Task Features_are_measured_by_the_classes_of_any_images(string probe)
    {
        var report = await Tool.RunJsonWithProgressAsync("evaluate", "cifar-resnet20", "--data", Tool.DrawPhotos(_folder, classes: 3, images: 20), "--probe", probe);
        Assert.Equal(64, report.GetProperty("features").GetInt32());
        Assert.Equal(60, report.GetProperty("trainImages").GetInt32() + report.GetProperty("images").GetInt32());
        Assert.InRange(report.GetProperty("top1").GetDouble(), 0.5, 1);
    }

    [Fact]
    public async Task Probes_exclude_what_is_of_no_use_for_them()
    {
        Assert.Contains("--neighbors is of use with --probe knn only", await Tool.RunFailingAsync(2, "evaluate", "cifar-resnet20", "--data", _photos, "--neighbors", "3"), StringComparison.Ordinal);
        Assert.Contains("--tta is of no use with --probe", await Tool.RunFailingAsync(2, "evaluate", "cifar-resnet20", "--data", _photos, "--probe", "linear", "--tta", "flip"), StringComparison.Ordinal);
    }

    /// <summary>A value that is none is an error of usage, as of any option.</summary>
    [Theory]
    [InlineData("foo")]
    [InlineData("KNN")]
    public async Task A_probe_that_there_is_not_is_an_error(string probe) =>
        Assert.Equal(2, (await Tool.RunAsync("evaluate", "cifar-resnet20", "--data", _photos, "--probe", probe)).ExitCode);

    [Fact]
    public async Task Inputs_are_not_replaced()
    {
        var weights = Tool.SaveResNet20(_folder);
        var photo = Directory.GetFiles(_photos, "*.png", SearchOption.AllDirectories)[0];
        var before = (File.ReadAllBytes(weights), File.ReadAllBytes(photo));
        Assert.Contains("is an input", await Tool.RunFailingAsync(1, "embed", _photos, "--out", photo), StringComparison.Ordinal);
        Assert.Contains("is an input", await Tool.RunFailingAsync(1, "embed", photo, "--out", photo), StringComparison.Ordinal);
        Assert.Contains("is an input", await Tool.RunFailingAsync(1, "embed", photo, "--weights", weights, "--out", weights), StringComparison.Ordinal);
        Assert.Contains("is an input", await Tool.RunFailingAsync(1, "export", "cifar-resnet20", "--weights", weights, "--onnx", weights), StringComparison.Ordinal);
        Assert.Contains("is an input", await Tool.RunFailingAsync(1, "export", weights, "--onnx", weights), StringComparison.Ordinal);
        Assert.Contains("is of the data", await Tool.RunFailingAsync(1, "evaluate", "cifar-resnet20", "--data", _photos, "--predictions", photo), StringComparison.Ordinal);
        Assert.Equal(before.Item1, File.ReadAllBytes(weights));
        Assert.Equal(before.Item2, File.ReadAllBytes(photo));
    }

    /// <summary>DINO's and others' weights have no head; features need none. One of several sets is named.</summary>
    [Fact]
    public async Task Weights_without_a_head_embed()
    {
        var weights = _folder.File("teacher.safetensors");
        using (var network = Network.Open(Tool.SaveResNet20(_folder)))
        {
            IEnumerable<WeightTensor> Of(string prefix, float factor) => network.Parameters.Tensors.Where(tensor => !tensor.Name.StartsWith("fc.", StringComparison.Ordinal))
                .Select(tensor => new WeightTensor(prefix + tensor.Name, [.. tensor.Shape], tensor.Read().ToArray().Select(value => factor * value).ToArray()));
            WeightFile.Save(weights, [.. Of("student.", 1), .. Of("teacher.", 2)]);
        }
        var (exitCode, _, error) = await Tool.RunAsync("embed", _photos, "--weights", weights, "--key", "teacher", "--out", _index);
        Assert.True(exitCode == 0, error);
        var photo = Directory.GetFiles(_photos, "*.png", SearchOption.AllDirectories)[0];
        Assert.Equal(0, (await Tool.RunAsync("similar", photo, "--index", _index)).ExitCode);
        Assert.Equal(1, (await Tool.RunAsync("embed", _photos, "--weights", weights, "--out", _index)).ExitCode);
    }

    [Fact]
    public async Task An_explanation_is_a_picture_of_the_same_size()
    {
        var photo = _folder.File("photo.png");
        Image.FromRgb(60, 40, [.. Enumerable.Range(0, 3 * 60 * 40).Select(i => (byte)(i * 7 % 256))]).SavePng(photo);
        var drawing = _folder.File("where.png");
        var (exitCode, _, error) = await Tool.RunAsync("classify", "cifar-resnet20", photo, "--explain", drawing);
        Assert.Equal((0, ""), (exitCode, error));
        var (before, after) = (Image.Load(photo), Image.Load(drawing));
        Assert.Equal((60, 40), (after.Width, after.Height));
        Assert.NotEqual(before.Pixels.ToArray(), after.Pixels.ToArray());

        Assert.Contains("one file for 2 images", await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", photo, photo, "--explain", drawing), StringComparison.Ordinal);
        Assert.Contains("which is not replaced", await Tool.RunFailingAsync(1, "classify", "cifar-resnet20", photo, "--explain", photo), StringComparison.Ordinal);
        await Tool.RunAsync("classify", "cifar-resnet20", photo, photo, "--explain", _folder.File("explained"));
        Assert.Equal(["photo.explained-2.png", "photo.explained.png"], Directory.GetFiles(_folder.File("explained")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
