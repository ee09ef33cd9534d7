using System.Text.Json;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Tests;

/// <summary>Runs the tool in this process.</summary>
static class Tool
{
    /// <summary>Runs a command line.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(args, new(output, error));
        return (exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs a command line that must succeed, and reads the JSON that it prints.</summary>
    public static async Task<JsonElement> RunJsonAsync(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync([.. args, "--json"]);
        Assert.Equal((0, ""), (exitCode, error));
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command line that must succeed and may take so long that it tells of its progress, and reads the JSON that it prints.</summary>
    public static async Task<JsonElement> RunJsonWithProgressAsync(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync([.. args, "--json"]);
        Assert.True(exitCode == 0, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Runs a command line that must fail with one line that begins with <c>error: </c>.</summary>
    public static async Task<string> RunFailingAsync(int expectedExitCode, params string[] args)
    {
        var (exitCode, output, error) = await RunAsync(args);
        Assert.Equal((expectedExitCode, ""), (exitCode, output));
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Equal(error.Length - 1, error.IndexOf('\n', StringComparison.Ordinal));
        return error;
    }

    /// <summary>Saves a ResNet-20 with random weights.</summary>
    public static string SaveResNet20(TemporaryFolder folder)
    {
        using var network = new CifarResNet20 { Labels = Labels.Cifar10 };
        network.Save(folder.File("resnet20.safetensors"));
        return folder.File("resnet20.safetensors");
    }

    /// <summary>Draws a folder of images per class, and gives its path.</summary>
    public static string DrawPhotos(TemporaryFolder folder, int classes, int images)
    {
        var shapes = new Shapes10(images * Shapes10.Names.Count);
        for (var i = 0; i < shapes.Count; i++)
        {
            if (shapes.ClassOf(i) >= classes) continue;
            var path = $"photos/{Shapes10.Names[shapes.ClassOf(i)]}/{i}.png";
            folder.Write(path, []);
            shapes.Load(i).SavePng(folder.File(path));
        }
        return folder.File("photos");
    }

    /// <summary>Drawn shapes as a file of CIFAR-10: of each image its label, then channel after channel.</summary>
    public static byte[] DrawnCifar(int count, DatasetSplit split, ulong seed)
    {
        var shapes = new Shapes10(count, split, seed);
        return [.. Enumerable.Range(0, count).SelectMany(index => Record(shapes.ClassOf(index), shapes.Load(index).Pixels))];
    }

    static byte[] Record(int label, ReadOnlySpan<byte> pixels)
    {
        var record = new byte[1 + pixels.Length];
        record[0] = (byte)label;
        for (var i = 0; i < pixels.Length; i++) record[1 + i % 3 * (pixels.Length / 3) + i / 3] = pixels[i];
        return record;
    }
}
