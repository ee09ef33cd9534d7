using ResNet.Dsl;
using ResNet.Onnx;
using ResNet.Runtime;

namespace ResNet.Tool.Tests;

/// <summary><c>import</c>: what the command says and refuses; what it writes is tested beside the library.</summary>
public sealed class ImportTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_becomes_a_class_and_weights()
    {
        var model = SaveModel();
        var (exitCode, output, error) = await Tool.RunAsync("import", model, "--out", _folder.File("net.cs"), "--namespace", "My.Nets", "--class", "Small");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal($"{_folder.File("net.cs")}: class Small, input 3×8×8, 3 layers\n{_folder.File("net.safetensors")}: its weights, for Load\n", output);
        Assert.Contains("namespace My.Nets;", File.ReadAllText(_folder.File("net.cs")), StringComparison.Ordinal);
        using var network = Network.Open(_folder.File("net.safetensors"));
        Assert.Equal("Small", network.Definition.Name);

        Assert.Contains("net.cs: the file is there already; --force replaces it", await Tool.RunFailingAsync(1, "import", model, "--out", _folder.File("net.cs")), StringComparison.Ordinal);
        Assert.Equal(0, (await Tool.RunAsync("import", model, "--out", _folder.File("net.cs"), "--force")).ExitCode);
        Assert.Contains("public partial class Net\n", File.ReadAllText(_folder.File("net.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_imported_is_named()
    {
        var broken = _folder.Write("broken.onnx", [1, 2, 3]);
        Assert.Contains("broken.onnx: this is no ONNX model", await Tool.RunFailingAsync(1, "import", broken, "--out", _folder.File("net.cs")), StringComparison.Ordinal);
        Assert.Contains("absent.onnx", await Tool.RunFailingAsync(1, "import", _folder.File("absent.onnx"), "--out", _folder.File("net.cs")), StringComparison.Ordinal);
        Assert.Contains("there is no folder", await Tool.RunFailingAsync(1, "import", SaveModel(), "--out", _folder.File("nowhere/net.cs")), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("net.cs")));
        Assert.False(File.Exists(_folder.File("net.safetensors")));
    }

    [Theory]
    [InlineData("--out: expected a file name that ends in .cs, found \"net.txt\"", "--out", "net.txt")]
    [InlineData("--class: expected a name of C#", "--out", "net.cs", "--class", "1st")]
    [InlineData("--namespace: expected a namespace", "--out", "net.cs", "--namespace", "A..B")]
    [InlineData("Option '--out' is required")]
    public async Task A_wrong_command_line_is_an_error_of_usage(string expected, params string[] options) =>
        Assert.Contains(expected, await Tool.RunFailingAsync(2, ["import", "model.onnx", .. options]), StringComparison.Ordinal);

    string SaveModel()
    {
        using var network = Network.Create(new NetworkBuilder().Input(3, 8, 8).Conv(4, 3).GlobalAveragePool().Dense(2).Build("Small"));
        network.SaveOnnx(_folder.File("small.onnx"));
        return _folder.File("small.onnx");
    }
}
