using System.CommandLine;
using ResNet.Tool.Commands;

namespace ResNet.Tool.Tests;

public class CommandLineTests
{
    public static TheoryData<string> Commands => ["classify", "detect", "evaluate", "reproduce", "summary", "convert", "bench", "models"];

    [Fact]
    public async Task Help_lists_the_commands()
    {
        var (exitCode, output, error) = await Tool.RunAsync("--help");
        Assert.Equal((0, ""), (exitCode, error));
        foreach (string command in Commands) Assert.Contains($"  {command}", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_has_help_with_examples(string command)
    {
        var (exitCode, output, error) = await Tool.RunAsync(command, "--help");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("--json", output, StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  resnet {command}", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 180));
    }

    [Fact]
    public void Every_example_is_a_valid_command_line()
    {
        var root = ResNetCommand.Create(new(TextWriter.Null, TextWriter.Null));
        var examples = root.Subcommands.OfType<ToolCommand>().SelectMany(command => command.Examples).ToList();
        Assert.True(examples.Count >= 10);
        Assert.All(examples, example => Assert.Empty(root.Parse(example["resnet ".Length..]).Errors));
    }

    [Fact]
    public async Task It_has_a_version()
    {
        var (exitCode, output, _) = await Tool.RunAsync("--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("Required command was not provided (see \"resnet --help\")")]
    [InlineData("There is no command or option frobnicate (see \"resnet --help\")", "frobnicate")]
    [InlineData("There is no command or option --tpo", "summary", "resnet18", "--tpo")]
    [InlineData("There is no option --tpo", "classify", "resnet18", "cat.jpg", "--tpo", "3")]
    [InlineData("(see \"resnet bench --help\")", "bench")]
    [InlineData("--dtype: expected f16, bf16, f32, found \"f8\"", "convert", "a.pth", "b.safetensors", "--dtype", "f8")]
    [InlineData("--names: expected torchvision, timm, transformers, found \"mmpretrain\"", "convert", "a.pth", "b.safetensors", "--names", "mmpretrain")]
    [InlineData("Required argument 'IMAGE' missing", "classify", "resnet18")]
    [InlineData("'--data' is required", "evaluate", "resnet18")]
    [InlineData("--batch: expected a whole number from 1 to 4096, written as 1000, found \"0\"", "bench", "resnet18", "--batch", "0")]
    [InlineData("--batch: expected a whole number from 1 to 4096, written as 1000, found \"many\"", "bench", "resnet18", "--batch", "many")]
    [InlineData("--batch: expected a whole number from 1 to 65536, written as 1000, found \"1_000\"", "train", "cifar-resnet20", "--batch", "1_000")]
    [InlineData("--lr: expected a number from 0 to 1000, written as 1000, 0.05 or 1e-4, found \"0,05\"", "train", "cifar-resnet20", "--lr", "0,05")]
    [InlineData("--lr: expected a number from 0 to 1000, written as 1000, 0.05 or 1e-4, found \"1e4\"", "train", "cifar-resnet20", "--lr", "1e4")]
    [InlineData("The schedule steps:3,5x: expected each epoch as a number above 0, written as 1000, 0.05 or 1e-4, found \"5x\"", "train", "cifar-resnet20", "--schedule", "steps:3,5x")]
    [InlineData("The schedule steps:3, 5: expected each epoch as a number above 0, written as 1000, 0.05 or 1e-4, found \" 5\"", "train", "cifar-resnet20", "--schedule", "steps:3, 5")]
    [InlineData("There is no schedule step; expected constant", "train", "cifar-resnet20", "--schedule", "step")]
    [InlineData("--device: expected cpu, cuda, opencl, cuda:n or opencl:n, found \"cuda:0x1\"", "bench", "resnet18", "--device", "cuda:0x1")]
    [InlineData("--batch: expected a whole number from 1 to 4096, written as 1000, found \"99999\"", "bench", "resnet18", "--batch", "99999")]
    [InlineData("--threads: expected a whole number from 0 to 1024, written as 1000, found \"-1\"", "bench", "resnet18", "--threads", "-1")]
    [InlineData("--seconds: expected a number from 0 to 3600, written as 1000, 0.05 or 1e-4, found \"nan\"", "bench", "resnet18", "--seconds", "nan")]
    [InlineData("--top: expected a whole number from 1 to 1000, written as 1000, found \"0\"", "classify", "resnet18", "cat.jpg", "--top", "0")]
    public async Task A_wrong_command_line_is_a_usage_error(string expected, params string[] args) =>
        Assert.Contains(expected, await Tool.RunFailingAsync(2, args), StringComparison.Ordinal);

    [Theory]
    [InlineData("resnt50", "There is no model resnt50; did you mean resnet50")]
    [InlineData("resnext50", "did you mean resnext50_32x4d")]
    [InlineData("resnet51", "There is no resnet51: resnet has 18, 34, 50, 101, 152 layers")]
    [InlineData("cifar-resnet50", "There is no cifar-resnet50: cifar-resnet has 20, 32, 44, 56, 110, 1202 layers")]
    [InlineData("cifar-preact-resnet20", "cifar-preact-resnet has 110, 164, 1001 layers")]
    [InlineData("alexnet", "There is no model alexnet")]
    [InlineData("xyzzy", "There is no model xyzzy; expected one of resnet18, resnet34")]
    [InlineData("18", "There is no model 18")]
    public async Task An_unknown_model_is_an_error_that_helps(string model, string expected) =>
        Assert.Contains(expected, await Tool.RunFailingAsync(2, "summary", model), StringComparison.Ordinal);

    [Fact]
    public async Task A_cancelled_command_exits_as_one_that_Ctrl_C_ended()
    {
        using var error = new StringWriter();
        var exitCode = await ResNetCommand.RunAsync(["bench", "cifar-resnet20"], new(TextWriter.Null, error), new CancellationToken(canceled: true));
        Assert.Equal((130, "error: cancelled"), (exitCode, error.ToString().TrimEnd()));
    }
}
