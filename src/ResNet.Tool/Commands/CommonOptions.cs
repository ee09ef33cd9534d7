using System.CommandLine;
using System.Globalization;
using System.Numerics;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>Options that several commands have.</summary>
static class CommonOptions
{
    public static Argument<Model> Model() => Named("Name of the network; \"resnet models\" lists them", names => Models.Find(names[0]));

    public static Argument<NetworkSource> Network() => Named(NetworkSource.Description, names => NetworkSource.Find(names[0]));

    public static Argument<NetworkSource[]> Networks(ArgumentArity arity)
    {
        var argument = Named(NetworkSource.Description, names => names.Select(NetworkSource.Find).ToArray());
        argument.Arity = arity;
        return argument;
    }

    static Argument<T> Named<T>(string description, Func<IReadOnlyList<string>, T> find) where T : class
    {
        var argument = new Argument<T>("MODEL")
        {
            Description = description,
            HelpName = "MODEL",
            CustomParser = result =>
            {
                try
                {
                    return find([.. result.Tokens.Select(token => token.Value)]);
                }
                catch (ArgumentException e)
                {
                    result.AddError(e.Message);
                    return null;
                }
            },
        };
        argument.CompletionSources.Add(_ => Models.All.Select(model => new System.CommandLine.Completions.CompletionItem(model.Name)));
        return argument;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    public static Option<int> Threads() => Number("--threads", "Threads that compute; 0 for one per core", "N", least: 0, most: 1024, usual: 0);

    public static Option<int> Batch(int size) => Number("--batch", "Images per forward pass; with --tta views", "N", least: 1, most: 4096, usual: size);

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
