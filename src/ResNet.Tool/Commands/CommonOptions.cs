using System.CommandLine;
using System.Globalization;
using System.Numerics;
using ResNet.Tool.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>Options that several commands have.</summary>
static class CommonOptions
{
    public static Argument<Model> Model()
    {
        var argument = new Argument<Model>("MODEL")
        {
            Description = "Name of the network; \"resnet models\" lists them",
            CustomParser = result =>
            {
                if (Models.Find(result.Tokens[0].Value, out var error) is { } model) return model;
                result.AddError(error);
                return null;
            },
        };
        argument.CompletionSources.Add(_ => Models.All.Select(model => new System.CommandLine.Completions.CompletionItem(model.Name)));
        return argument;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    public static Option<int> Threads() =>
        AtLeast(0, new Option<int>("--threads") { Description = "Threads that compute; 0 for one per core", HelpName = "N", DefaultValueFactory = _ => 0 });

    public static Option<int> Batch(int size) =>
        AtLeast(1, new Option<int>("--batch") { Description = "Images per forward pass", HelpName = "N", DefaultValueFactory = _ => size });

    /// <summary>Refuses smaller values.</summary>
    public static Option<T> AtLeast<T>(T least, Option<T> option) where T : INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any()) return;
            if (result.GetValueOrDefault<T>() is var value && !(value >= least))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}, but at least {least} is needed"));
        });
        return option;
    }
}
