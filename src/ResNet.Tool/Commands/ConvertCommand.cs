using System.CommandLine;
using System.Globalization;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet convert</c>: weights as safetensors, in another type and under another library's names.</summary>
static class ConvertCommand
{
    static readonly Dictionary<string, WeightType?> _types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["f16"] = WeightType.Float16,
        ["bf16"] = WeightType.BFloat16,
        ["f32"] = WeightType.Float32,
    };

    static readonly Dictionary<string, WeightNames?> _names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["torchvision"] = WeightNames.Torchvision,
        ["timm"] = WeightNames.Timm,
        ["transformers"] = WeightNames.Transformers,
    };

    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("convert", "Rewrite a file of weights as safetensors",
            "resnet convert resnet50.pth resnet50.safetensors",
            "resnet convert runs/photos photos.safetensors --dtype f16",
            "resnet convert resnet50.safetensors model.safetensors --names transformers");
        var input = new Argument<string>("IN") { Description = "Safetensors, a PyTorch checkpoint, the index of several such files, or the folder of a run or of a model" };
        var output = new Argument<string>("OUT") { Description = "The file to write" };
        var type = CommonOptions.OneOf("--dtype", "f16|bf16|f32", _types, null, "Type of the weights; as they are by default");
        var names = CommonOptions.OneOf("--names", "torchvision|timm|transformers", _names, null, "Whose names the tensors get; as they are by default");
        var json = CommonOptions.Json();
        command.Add(input);
        command.Add(output);
        command.Add(type);
        command.Add(names);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            CommonOptions.CheckFolderOf(path);
            var result = WeightConversion.Convert(parsed.GetRequiredValue(input), path, parsed.GetValue(type), parsed.GetValue(names));
            var report = new ConvertReport(path, result.Tensors, new FileInfo(path).Length, result.NamesOf, result.LeftOut);
            if (parsed.GetValue(json)) ReportContext.Write(streams.Out, report);
            else WriteText(streams.Out, report);
        });
        return command;
    }

    static void WriteText(TextWriter output, ConvertReport report)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.File}: {report.Tensors} tensors, {report.Bytes:N0} bytes"));
        if (report.NamesOf is { } library) output.WriteLine($"Names were those of {library}");
        if (report.LeftOut > 0) output.WriteLine($"Left out: {report.LeftOut} tensors of the training run's state, which are no weights");
    }
}
