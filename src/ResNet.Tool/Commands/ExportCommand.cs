using System.CommandLine;
using ResNet.Onnx;
using ResNet.Runtime;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet export</c>: a network as an ONNX model.</summary>
static class ExportCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("export", "Write a network as an ONNX model",
            "resnet export resnet50 --onnx resnet50.onnx",
            "resnet export runs/photos --onnx photos.onnx --dynamic-batch",
            "resnet export resnet18 --weights resnet18.pth --onnx resnet18.onnx --opset 13");
        var model = ModelArguments.Network();
        var weights = CommonOptions.Weights();
        var key = CommonOptions.Key();
        var offline = CommonOptions.Offline();
        var output = new Option<string>("--onnx") { Description = "The model, a file, which is replaced", HelpName = "FILE", Required = true };
        var dynamicBatch = new Option<bool>("--dynamic-batch") { Description = "Take batches of any size rather than one image at a time" };
        var opset = CommonOptions.Number("--opset", "Version of the operator set", "N", OnnxOptions.OldestOpset, OnnxOptions.NewestOpset, OnnxOptions.Default.Opset);
        command.Add(model);
        command.Add(weights);
        command.Add(key);
        command.Add(offline);
        command.Add(output);
        command.Add(dynamicBatch);
        command.Add(opset);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(output);
            CommonOptions.CheckFolderOf(path);
            CommonOptions.CheckKeeps(path, [parsed.GetValue(weights), parsed.GetRequiredValue(model).Name]);
            using var on = new CpuDevice();
            var (network, from) = await TrainedNetwork.OpenAsync(parsed.GetRequiredValue(model), parsed.GetValue(weights), parsed.GetValue(key), parsed.GetValue(offline), on, streams, cancellationToken);
            using (network)
            {
                network.SaveOnnx(path, new() { DynamicBatch = parsed.GetValue(dynamicBatch), Opset = parsed.GetValue(opset) });
                streams.Out.WriteLine($"{path}: {network.Definition.Name} ({from}), input {(parsed.GetValue(dynamicBatch) ? "batch" : "1")}×{network.Definition.Input}, operator set {parsed.GetValue(opset)}");
            }
        });
        return command;
    }
}
