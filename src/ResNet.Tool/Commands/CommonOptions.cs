using System.CommandLine;
using System.Globalization;
using System.Numerics;
using ResNet.Runtime;
using ResNet.Tool.Data;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>Options that several commands have.</summary>
static class CommonOptions
{
    static readonly Dictionary<string, InvalidBoxes> _invalidBoxes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["fail"] = Runtime.InvalidBoxes.Fail,
        ["skip"] = Runtime.InvalidBoxes.Skip,
    };

    /// <summary>Image files.</summary>
    /// <param name="more">Further values that may be among them.</param>
    public static Argument<string[]> Images(string more = "")
    {
        var images = new Argument<string[]>("IMAGE")
        {
            Description = $"Image files, folders, patterns such as \"photos/**/*.jpg\", or - for names on the standard input{more}",
            Arity = ArgumentArity.OneOrMore,
        };
        images.Validators.Add(result =>
        {
            // The remaining arguments are taken for images, misspelled options included.
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-') && token.Value != ImagePaths.StandardInput && !File.Exists(token.Value)) is { } token)
                result.AddError($"There is no option {token.Value}");
        });
        return images;
    }

    /// <summary>A file of weights for a network that is named.</summary>
    public static Option<string?> Weights() => new("--weights")
    {
        Description = "Trained weights (.safetensors, .pth, .th); those that come with the tool or are published if not given",
        HelpName = "FILE",
    };

    /// <summary>The set of weights of a file that has several.</summary>
    public static Option<string?> Key() => new("--key") { Description = "Of a file with several sets of weights, the beginning of the names of those to take: teacher, model_ema", HelpName = "NAME" };

    public static Option<bool> Offline() => new("--offline") { Description = "Do not download weights" };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    public static Option<int> Threads() => Number("--threads", "Threads that compute; 0 for one per core", "N", least: 0, most: 1024, usual: 0);

    public static Option<int> Batch(int size) => Number("--batch", "Images per forward pass; with --tta views", "N", least: 1, most: 4096, usual: size);

    public static Option<InvalidBoxes> InvalidBoxes() => OneOf("--invalid-boxes", "fail|skip", _invalidBoxes, Runtime.InvalidBoxes.Fail,
        "What boxes without an area, or beyond their image, are: an error, or left out");

    /// <summary>Checks that a file can be written, before work is done for it.</summary>
    /// <exception cref="ToolException">Its folder does not exist.</exception>
    public static void CheckFolderOf(string? path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            throw new ToolException($"{path}: there is no folder {folder}");
    }

    /// <summary>Checks that a file to be written is none of those that are read.</summary>
    /// <exception cref="ToolException">It is one of them.</exception>
    public static void CheckKeeps(string output, IEnumerable<string?> inputs)
    {
        if (inputs.OfType<string>().FirstOrDefault(input => Path.GetFullPath(input) == Path.GetFullPath(output)) is { } input)
            throw new ToolException($"{output}: the file is an input, {input}, which is not replaced");
    }

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<T> Number<T>(string name, string description, string unit, T least, T most, T usual) where T : INumber<T> => new(name)
    {
        Description = description,
        HelpName = unit,
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!StrictNumber.TryParse<T>(text, out var value) || value < least || value > most)
                result.AddError($"{name}: expected {StrictNumber.Expected<T>(string.Create(CultureInfo.InvariantCulture, $"from {least} to {most}"))}, found \"{text}\"");
            return value;
        },
    };

    /// <summary>Makes it an error of usage to give a classifier the options of detectors, or a detector those of classifiers.</summary>
    /// <param name="command">The command.</param>
    /// <param name="model">Names the classifier or detector.</param>
    /// <param name="ofClassifiers">Options that classifiers alone have.</param>
    /// <param name="ofDetectors">Options that detectors alone have.</param>
    public static void Reserve(Command command, Argument model, IReadOnlyList<Option> ofClassifiers, IReadOnlyList<Option> ofDetectors) =>
        command.Validators.Add(result =>
        {
            // A name that is wrong is an error already.
            if (result.GetResult(model) is not { Tokens: [var name, ..] } || !ModelSource.TryFind(name.Value, out var source)) return;
            var (foreign, kind) = source is DetectorSource ? (ofClassifiers, "detector") : (ofDetectors, "classifier");
            foreach (var option in foreign)
                if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name}: {source.Name} is a {kind}, for which there is no such option");
        });

    /// <summary>An option whose values have names.</summary>
    public static Option<T> OneOf<T>(string name, string helpName, Dictionary<string, T> values, T usual, string description)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => usual,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (values.TryGetValue(text, out var value)) return value;
                result.AddError($"{name}: expected {string.Join(", ", values.Keys)}, found \"{text}\"");
                return default;
            },
        };
        option.CompletionSources.Add([.. values.Keys]);
        return option;
    }
}
