using System.Text.Json;
using ResNet.Runtime;
using ResNet.Runtime.Data;

namespace ResNet.Tool.Tests;

/// <summary><c>--device</c>, of the commands that compute.</summary>
public sealed class DeviceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly string _weights, _image, _data;

    public DeviceTests()
    {
        _weights = Tool.SaveResNet20(_folder);
        _image = _folder.File("shape.png");
        new Shapes10(1).Load(0).SavePng(_image);
        _data = _folder.File("data");
        for (var batch = 1; batch <= 5; batch++) _folder.Write($"data/data_batch_{batch}.bin", Tool.DrawnCifar(24, DatasetSplit.Train, (ulong)batch));
        _folder.Write("data/test_batch.bin", Tool.DrawnCifar(24, DatasetSplit.Test, 0));
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Commands => ["classify", "evaluate", "train", "bench"];

    [Theory, MemberData(nameof(Commands))]
    public async Task A_name_that_is_no_devices_is_an_error_of_usage(string command)
    {
        foreach (var name in new[] { "tpu", "cpu:1", "cuda:", "cuda:-1", "cuda:one", "opencl:1:2", "" })
            Assert.Contains(
                $"--device: expected cpu, cuda, opencl, cuda:n or opencl:n, found \"{name}\"",
                await Tool.RunFailingAsync(2, Args(command, name)), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task A_device_that_is_not_there_is_told_in_the_librarys_words(string command)
    {
        Assert.Equal($"error: {Assert.Throws<GpuException>(() => GpuDevice.Cuda(97)).Message}\n", await Tool.RunFailingAsync(1, Args(command, "cuda:97")));
        Assert.Equal($"error: {Assert.Throws<GpuException>(() => GpuDevice.OpenCL(97)).Message}\n", await Tool.RunFailingAsync(1, Args(command, "OpenCL:97")));
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task A_precision_is_one_of_three_and_CUDAs_alone(string command)
    {
        Assert.Contains(
            "--precision: expected single, tf32, bf16, found \"half\"",
            await Tool.RunFailingAsync(2, [.. Args(command, "cuda"), "--precision", "half"]), StringComparison.Ordinal);
        foreach (var device in new[] { "cpu", "opencl" })
            Assert.Equal(
                $"error: --precision: tensor cores are CUDA's: with --device {device} there is single alone\n",
                await Tool.RunFailingAsync(1, [.. Args(command, device), "--precision", "bf16"]));
        // Which device that would be is asked first.
        Assert.Equal(
            $"error: {Assert.Throws<GpuException>(() => GpuDevice.Cuda(97)).Message}\n",
            await Tool.RunFailingAsync(1, [.. Args(command, "cuda:97"), "--precision", "TF32"]));
    }

    [Fact]
    public async Task The_processor_has_a_name_like_the_others() =>
        Assert.StartsWith("CPU", (await Tool.RunJsonWithProgressAsync(Args("evaluate", "CPU"))).GetProperty("device").GetString(), StringComparison.Ordinal);

    [OpenCLFact]
    public async Task OpenCL_classifies_and_evaluates_as_the_processor_does()
    {
        var (_, expected, _) = await Tool.RunAsync(Args("classify", "cpu"));
        var (exitCode, output, error) = await Tool.RunAsync(Args("classify", "opencl"));
        Assert.True(exitCode == 0, error);
        Assert.Equal(expected, output);

        var onCpu = await Tool.RunJsonWithProgressAsync(Args("evaluate", "cpu"));
        var report = await Tool.RunJsonWithProgressAsync(Args("evaluate", "opencl:0"));
        Assert.Equal(24, report.GetProperty("images").GetInt32());
        Assert.Equal((onCpu.GetProperty("top1").GetDouble(), onCpu.GetProperty("top5").GetDouble()), (report.GetProperty("top1").GetDouble(), report.GetProperty("top5").GetDouble()));
        Assert.Contains("(OpenCL)", report.GetProperty("device").GetString(), StringComparison.Ordinal);
    }

    [OpenCLFact]
    public async Task OpenCL_trains_and_its_weights_are_what_the_processor_evaluates()
    {
        var report = await Tool.RunJsonWithProgressAsync(Args("train", "opencl"));
        Assert.Equal((5, 1), (report.GetProperty("steps").GetInt32(), report.GetProperty("epochs").GetInt32()));
        Assert.Contains("(OpenCL)", report.GetProperty("device").GetString(), StringComparison.Ordinal);
        var evaluated = await Tool.RunJsonWithProgressAsync(
            "evaluate", "cifar-resnet20", "--weights", _folder.File("run/last.safetensors"), "--data", _folder.File("data/test_batch.bin"), "--threads", "1");
        Assert.Equal(report.GetProperty("lastAccuracy").GetDouble(), evaluated.GetProperty("top1").GetDouble());
    }

    [OpenCLFact]
    public async Task OpenCL_is_timed()
    {
        foreach (string[] more in (string[][])[[], ["--train", "--batch", "4"]])
        {
            var report = await Tool.RunJsonWithProgressAsync([.. Args("bench", "opencl"), .. more]);
            Assert.Contains("(OpenCL)", report.GetProperty("device").GetString(), StringComparison.Ordinal);
            Assert.True(report.GetProperty("median").GetProperty("imagesPerSecond").GetDouble() > 0);
            // Layer by layer, as on the processor: the rates of all products come from the papers' multiply-adds.
            var peak = report.GetProperty("peakGigaFlops").GetDouble();
            var multiplyAdds = 0.0;
            foreach (var layer in report.GetProperty("layers").EnumerateArray())
                foreach (var kind in new[] { "forward", "inputGradient", "weightGradient" })
                {
                    if (layer.GetProperty(kind) is not { ValueKind: JsonValueKind.Object } operation || operation.GetProperty("gigaFlops") is not { ValueKind: JsonValueKind.Number } rate) continue;
                    multiplyAdds += rate.GetDouble() * operation.GetProperty("milliseconds").GetDouble() * 1e6 / 2 / report.GetProperty("batch").GetInt32();
                    Assert.Equal(rate.GetDouble() / peak, operation.GetProperty("shareOfPeak").GetDouble(), 9);
                    Assert.StartsWith("tile ", operation.GetProperty("algorithm").GetString(), StringComparison.Ordinal);
                }
            // The gradient of the first convolution's input is not needed.
            var all = report.GetProperty("multiplyAddsPerImage").GetInt64();
            Assert.Equal(more.Length == 0 ? all : all - 442_368, multiplyAdds, all * 1e-9);
        }
    }

    string[] Args(string command, string device)
    {
        string[] args = command switch
        {
            "classify" => [_image, "--weights", _weights],
            "evaluate" => ["--data", _folder.File("data/test_batch.bin"), "--weights", _weights, "--batch", "10"],
            "train" => ["--data", _data, "--batch", "24", "--epochs", "1", "--out", _folder.File("run")],
            _ => ["--seconds", "0"],
        };
        return [command, "cifar-resnet20", .. args, "--device", device];
    }

    /// <summary>A fact on an OpenCL device; skipped, visibly, where there is none.</summary>
    sealed class OpenCLFactAttribute : FactAttribute
    {
        public OpenCLFactAttribute() =>
            Skip = GpuDevice.All.Any(device => device.Kind == GpuKind.OpenCL) ? null : "No OpenCL device is installed, or ILGPU is not in this build";
    }
}
