using System.CommandLine;
using System.CommandLine.Parsing;
using ResNet.Dsl;
using ResNet.Onnx;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary><c>resnet import</c>: an ONNX model as C#.</summary>
static class ImportCommand
{
    public static Command Create(Streams streams)
    {
        var command = new ToolCommand("import", "Write an ONNX model as a network in C#, with its weights beside it",
            "resnet import photos.onnx --out Photos.cs",
            "resnet import resnet50.onnx --out Networks/ResNet50.cs --namespace MyApp.Networks",
            "resnet import model.onnx --out model.g.cs --class Photos --force");
        var model = new Argument<string>("ONNX") { Description = "The model, a file" };
        var output = new Option<string>("--out") { Description = "The class, a file .cs; the weights are written beside it, as .safetensors", HelpName = "FILE", Required = true };
        var targetNamespace = new Option<string?>("--namespace") { Description = "Namespace of the class; none if not given", HelpName = "NAME" };
        var className = new Option<string?>("--class") { Description = "Name of the class; that of the file if not given", HelpName = "NAME" };
        var force = new Option<bool>("--force") { Description = "Replace files that are there already" };
        output.Validators.Add(result => Check(result, text => text.EndsWith(".cs", StringComparison.OrdinalIgnoreCase), "a file name that ends in .cs"));
        targetNamespace.Validators.Add(result => Check(result, text => text.Split('.').All(NetworkCode.IsName), "a namespace, names of C# with points between"));
        className.Validators.Add(result => Check(result, NetworkCode.IsName, "a name of C#, letters, digits and '_'"));
        command.Add(model);
        command.Add(output);
        command.Add(targetNamespace);
        command.Add(className);
        command.Add(force);
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetRequiredValue(model), parsed.GetRequiredValue(output));
            CommonOptions.CheckFolderOf(to);
            CommonOptions.CheckKeeps(Path.ChangeExtension(to, ".safetensors"), [from]);
            CommonOptions.CheckKeeps(to, [from]);
            if (!parsed.GetValue(force) && new[] { to, Path.ChangeExtension(to, ".safetensors") }.FirstOrDefault(File.Exists) is { } existing)
                throw new ToolException($"{existing}: the file is there already; --force replaces it");
            var result = OnnxSource.Import(from, to, new()
            {
                ClassName = parsed.GetValue(className),
                Namespace = parsed.GetValue(targetNamespace),
                Overwrite = parsed.GetValue(force),
            });
            streams.Out.WriteLine($"{result.SourcePath}: class {result.ClassName}, input {result.Definition.Input}, {result.Definition.Layers().Count} layers");
            streams.Out.WriteLine($"{result.WeightsPath}: its weights, for Load");
        });
        return command;
    }

    static void Check(OptionResult result, Func<string, bool> isValid, string expected)
    {
        if (result.Tokens is [{ Value: var text }] && !isValid(text)) result.AddError($"{result.Option.Name}: expected {expected}, found \"{text}\"");
    }
}
