using ResNet.Runtime;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary><c>convert</c>: what the command says; what it writes is tested beside the library.</summary>
public class ConvertTests
{
    [Fact]
    public async Task Weights_come_back_from_another_librarys_names()
    {
        using var folder = new TemporaryFolder();
        var original = Tool.SaveResNet20(folder);
        var (exitCode, output, error) = await Tool.RunAsync("convert", original, folder.File("there.safetensors"), "--names", "transformers");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith($"{folder.File("there.safetensors")}: ", output, StringComparison.Ordinal);
        Assert.Contains("Names were those of torchvision", output, StringComparison.Ordinal);
        var report = await Tool.RunJsonAsync("convert", folder.File("there.safetensors"), folder.File("back.safetensors"), "--names", "torchvision");
        Assert.StartsWith("Hugging Face transformers", report.GetProperty("namesOf").GetString(), StringComparison.Ordinal);
        Assert.Equal(new FileInfo(folder.File("back.safetensors")).Length, report.GetProperty("bytes").GetInt64());

        using var from = WeightFile.Open(original);
        using var back = WeightFile.Open(folder.File("back.safetensors"));
        Assert.Equal(from.Tensors.Select(tensor => tensor.Name), back.Tensors.Select(tensor => tensor.Name));
        Assert.All(from.Tensors, tensor => Assert.Equal(tensor.ToArray(), back[tensor.Name].ToArray()));
        using var network = Network.Open(folder.File("there.safetensors"));
        Assert.Equal(Labels.Cifar10, network.Labels);
    }

    [Fact]
    public async Task Errors_are_one_line_and_leave_the_input()
    {
        using var folder = new TemporaryFolder();
        var path = Tool.SaveResNet20(folder);
        var bytes = File.ReadAllBytes(path);
        Assert.Contains("would overwrite the input", await Tool.RunFailingAsync(1, "convert", path, path, "--dtype", "f16"), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Contains("no such file", await Tool.RunFailingAsync(1, "convert", folder.File("absent.pth"), folder.File("out.safetensors")), StringComparison.Ordinal);
        Assert.Contains("the folder holds no weights", await Tool.RunFailingAsync(1, "convert", Directory.CreateDirectory(folder.File("empty")).FullName, folder.File("out.safetensors")), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("out.safetensors")));
    }
}
