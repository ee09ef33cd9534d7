using System.CommandLine;
using System.CommandLine.Parsing;
using ResNet.Tool.Networks;
using ResNet.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>The arguments that name what a command computes.</summary>
static class ModelArguments
{
    static readonly string[] _classifiers = [.. Models.All.Select(model => model.Name)], _detectors = [.. DetectorModels.All.Select(model => model.Name)];

    /// <summary>A classifier or detector of the zoo.</summary>
    public static Argument<ModelSource> ModelOfZoo() => Named("Name of the network or detector; \"resnet models\" lists them", names => ModelSource.FindInZoo(names[0]), [.. _classifiers, .. _detectors]);

    /// <summary>A classifier or a detector.</summary>
    public static Argument<ModelSource> Model() => Named(
        "Name of the network or detector (\"resnet models\" lists them), or a file of weights or a run's folder that training has saved", names => ModelSource.Find(names[0]), [.. _classifiers, .. _detectors]);

    /// <summary>A classifier.</summary>
    public static Argument<NetworkSource> Network() => Named(NetworkSource.Description, names => NetworkSource.Find(names[0]), _classifiers);

    /// <summary>A classifier, as an option.</summary>
    public static Option<NetworkSource> Option(string name, string usual)
    {
        var option = new Option<NetworkSource>(name)
        {
            Description = NetworkSource.Description,
            HelpName = "MODEL",
            DefaultValueFactory = _ => NetworkSource.Find(usual),
            CustomParser = Parser(names => NetworkSource.Find(names[0])),
        };
        option.CompletionSources.Add(_classifiers);
        return option;
    }

    /// <summary>A detector.</summary>
    public static Argument<DetectorSource> Detector() => Named(DetectorSource.Description, names => DetectorSource.Find(names[0]), _detectors);

    /// <summary>One network to classify with.</summary>
    public static Argument<ModelSource[]> Classifier()
    {
        var argument = Named(NetworkSource.Description, names => names.Select(ModelSource (name) => NetworkSource.Find(name)).ToArray(), _classifiers);
        argument.Arity = ArgumentArity.ExactlyOne;
        return argument;
    }

    /// <summary>Networks or a detector, to be evaluated.</summary>
    public static Argument<ModelSource[]> Several()
    {
        var argument = Named("Names of networks or of a detector (\"resnet models\" lists them), or files of weights or runs' folders that training has saved",
            names => names.Select(ModelSource.Find).ToArray(), [.. _classifiers, .. _detectors]);
        argument.Arity = ArgumentArity.OneOrMore;
        return argument;
    }

    static Argument<T> Named<T>(string description, Func<IReadOnlyList<string>, T> find, string[] completions) where T : class
    {
        var argument = new Argument<T>("MODEL")
        {
            Description = description,
            HelpName = "MODEL",
            CustomParser = Parser(find),
        };
        argument.CompletionSources.Add(completions);
        return argument;
    }

    /// <summary>Makes an unknown name an error of usage.</summary>
    static Func<ArgumentResult, T?> Parser<T>(Func<IReadOnlyList<string>, T> find) where T : class => result =>
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
    };
}
