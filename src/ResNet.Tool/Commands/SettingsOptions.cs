using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using ResNet.Runtime.Runs;
using ResNet.Tool.Data;
using ResNet.Tool.Networks;
using ResNet.Tool.Output;
using ResNet.Tool.Training;
using ResNet.Zoo;

namespace ResNet.Tool.Commands;

/// <summary>The options of <c>resnet train</c> that decide a run: each replaces what the recipe, or the resumed run, has.</summary>
sealed class SettingsOptions
{
    const double MiB = 1024 * 1024;

    readonly List<SettingsOption> _options = [];
    readonly Command _command;
    readonly Option<Recipe?> _recipe;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="model">Its classifier or detector, each of which has options that the other has not.</param>
    public SettingsOptions(Command command, Argument<ModelSource> model)
    {
        _command = command;
        Text("--data", "PATH", $"{Datasets.Description}; of a detector, {DetectionDatasets.Description}",
            (s, v) => s with { Data = v }, (s, v) => s with { Data = v });
        Text("--validation", "PATH", "Images to validate on after each epoch; the data's own test images if not given", (s, v) => s with { Validation = v }, (s, v) => s with { Validation = v });
        Number("--validation-split", "X", "Share of each class to validate on where the data have no test images; 0 for none", 0.0, 0.99, (s, v) => s with { ValidationSplit = v });
        _recipe = new("--recipe")
        {
            Description = string.Join("; ", Recipe.All.Select(recipe => $"{recipe.Name}: {recipe.Description}")),
            HelpName = "NAME",
            CustomParser = result => Choice(result, Recipe.All, recipe => recipe.Name),
        };
        _recipe.CompletionSources.Add([.. Recipe.All.Select(recipe => recipe.Name)]);
        command.Add(_recipe);
        Number("--epochs", "N", "Passes over the images", 1, 100_000, (s, v) => s with { Epochs = v }, (s, v) => s with { Epochs = v });
        Number("--batch", "N", "Images per step", 1, 65_536, (s, v) => s with { Batch = v }, (s, v) => s with { Batch = v });
        Number("--accumulate", "N", "Batches per step, whose gradients are averaged", 1, 65_536, (s, v) => s with { Accumulate = v });
        Text("--optimizer", "NAME", $"{string.Join(", ", OptimizerNames.All)}", (s, v) => s with { Optimizer = v, LearningRate = v == s.Optimizer ? s.LearningRate : OptimizerNames.UsualRate(v) }, check: text => OptimizerNames.Parse(text));
        Number("--lr", "RATE", "Learning rate, the greatest of the schedule", 0.0, 1000.0, (s, v) => s with { LearningRate = v }, (s, v) => s with { LearningRate = v });
        Text("--schedule", "NAME", $"{string.Join(", ", Schedules.Names)}; steps:30,60 falls to a tenth at those epochs, restarts:10,2 restarts its cosine after 10, 20, 40, … epochs", (s, v) => s with { Schedule = v }, (s, v) => s with { Schedule = v },
            check: text => Schedules.Parse(text, rate: 1, epochs: 1));
        Number("--warmup", "STEPS", "Steps of linear warm-up from a tenth of the rate, of a detector from a fiftieth", 0, int.MaxValue, (s, v) => s with { WarmUp = v }, (s, v) => s with { WarmUp = v });
        Number("--warmup-epochs", "X", "The same in epochs, of a classifier", 0.0, 100_000, (s, v) => s with { WarmUp = 0, WarmUpEpochs = v });
        Text("--augment", "NAME", "crop-flip, scale-jitter, scale-aspect, each also with +color, +trivial or +rand:MAGNITUDE (0 to 30), +erase:PROBABILITY, or none", (s, v) => s with { Augment = v });
        Flag("--pixel-mean", "Subtract the training images' mean of each pixel instead of the usual normalization", (s, v) => s with { PixelMean = v });
        Number("--momentum", "X", "Momentum", 0.0, 1.0, (s, v) => s with { Momentum = v }, (s, v) => s with { Momentum = v });
        Flag("--nesterov", "Nesterov's momentum", (s, v) => s with { Nesterov = v }, (s, v) => s with { Nesterov = v });
        Number("--weight-decay", "X", "L2 penalty", 0.0, 1.0, (s, v) => s with { WeightDecay = v }, (s, v) => s with { WeightDecay = v });
        Negation("--no-decay-norm-bias", "No weight decay of biases and batch normalization", (s, v) => s with { DecayNormAndBias = v });
        Number("--mixup", "ALPHA", "Average each batch's images in pairs, by shares of Beta(ALPHA, ALPHA); 0 for never", 0.0, 1000.0, (s, v) => s with { Mixup = v });
        Number("--cutmix", "ALPHA", "Put a box of one image into another, of an area by Beta(ALPHA, ALPHA); 0 for never", 0.0, 1000.0, (s, v) => s with { CutMix = v });
        Number("--mix-probability", "X", "Probability that a batch is mixed", 0.0, 1.0, (s, v) => s with { MixProbability = v });
        Number("--cutmix-share", "X", "Probability of --cutmix for a batch that is mixed, where there is --mixup, too", 0.0, 1.0, (s, v) => s with { CutMixShare = v });
        Flag("--bce", "Binary cross-entropy of each class instead of softmax", (s, v) => s with { BinaryCrossEntropy = v });
        Number("--bce-threshold", "X", "With --bce, the target above which a class counts as there; 0 for targets as they are", 0.0, 0.999, (s, v) => s with { TargetThreshold = v });
        Text("--class-weights", "WEIGHTS", "Weights of the classes in the loss: balanced, or a number for each class, 1,2.5,1", (s, v) => s with { ClassWeights = v });
        Flag("--balanced", "Draw images so that all classes come equally often", (s, v) => s with { Balanced = v });
        Number("--label-smoothing", "X", "Share of the target spread over all classes", 0.0, 1.0, (s, v) => s with { LabelSmoothing = v });
        Number("--clip", "NORM", "Greatest norm of the gradient; 0 for no limit", 0.0, double.MaxValue, (s, v) => s with { Clip = v }, (s, v) => s with { Clip = v });
        Number("--average", "DECAY", "Decay of the weights' moving average, such as 0.999; 0 for none", 0.0, 1.0, (s, v) => s with { Average = v });
        Text("--weights", "FILE", $"Start from these weights, or from those that are published: {InitialNetwork.Pretrained}; a last layer of other classes is made anew",
            (s, v) => s with { Weights = v }, (s, v) => s with { Weights = v });
        Text("--key", "NAME", "Of --weights with several sets, the beginning of the names of those to take: teacher, model_ema", (s, v) => s with { Key = v });
        Text("--backbone", "FILE", "Start a detector's backbone from the weights of this classifier", null, (s, v) => s with { Backbone = v });
        Text("--freeze", "LAYER", "Leave the weights as they are up to and including this layer or stage", (s, v) => s with { Freeze = v }, (s, v) => s with { Freeze = v });
        Flag("--freeze-statistics", "Normalize by the running statistics: in the frozen layers, or in all if none is", (s, v) => s with { FreezeStatistics = v });
        // In the place of one rate for all of them, unless both are asked for.
        Number("--layer-decay", "X", "Factor of the learning rate from each residual unit to the one before it", 0.0, 1.0, (s, v) => s with { LayerDecay = v, BackboneRate = 1 });
        Number("--backbone-lr", "X", "Factor of the learning rate of all layers but the last", 0.0, 1000.0, (s, v) => s with { BackboneRate = v });
        Number("--best-k", "N", "Keep the weights of the N best epochs, each in a file; 0 for those of the best alone", 0, 100_000, (s, v) => s with { KeepBest = v });
        Number("--test-scale", "X", "How many times as large as the input images are validated", 0.1, 10.0, (s, v) => s with { TestScale = v });
        Number("--patience", "N", "Stop after N epochs without a better validation; 0 for never", 0, 100_000, (s, v) => s with { Patience = v });
        Flag("--drop-last", "Leave out a last batch of an epoch that is smaller than the others", (s, v) => s with { DropLast = v });
        Number("--classes", "N", "Classes of the network; those of the data if not given", 1, 65_536, (s, v) => s with { Classes = v });
        Number("--input-channels", "N", "Channels of the network's input: 3 or, for gray pictures, 1", 1, 3, (s, v) => s with { InputChannels = v });
        Add(ImageSize(), (s, v) => s with { ImageSize = v!.OfNetwork() }, (s, v) => s with { ImageSize = v!.OfDetector() });
        Add(Anchors(), null, (s, v) => s with { AnchorSizes = v });
        Add(CommonOptions.InvalidBoxes(), null, (s, v) => s with { InvalidBoxes = v });
        Flag("--zero-gamma", "Let every residual branch start as zero", (s, v) => s with { ZeroGamma = v });
        Flag("--sync-batch-norm", "With --distributed, normalize by the statistics of all ranks' images instead of each rank's own", (s, v) => s with { SyncBatchNorm = v });
        Number("--bucket-size", "MIB", "With --distributed, MiB of gradients that are exchanged at a time", 0.001, 1024.0, (s, v) => s with { BucketBytes = (int)(v * MiB) });
        Number<ulong>("--seed", "N", "Decides initial weights, order and augmentation; of a detector order, flips and samples", 0, ulong.MaxValue, (s, v) => s with { Seed = v }, (s, v) => s with { Seed = v });
        CommonOptions.Reserve(command, model, [_recipe, .. _options.Where(one => one.Detector is null).Select(one => one.Option)],
            [.. _options.Where(one => one.Network is null).Select(one => one.Option)]);
    }

    /// <summary>The settings of a command line.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The network.</param>
    /// <param name="before">The settings of the run that is resumed, if one is.</param>
    public TrainingSettings Read(ParseResult parsed, Model model, TrainingSettings? before)
    {
        var recipe = parsed.GetValue(_recipe);
        if (before is not null) return Change(parsed, recipe?.Apply(before) ?? before);
        var blank = TrainingSettings.Of(model);
        // The settings that decide the recipe may be given, too.
        var said = Change(parsed, blank);
        recipe ??= Recipe.For(model.Define(inputSize: said.InputSize).Input, isTrained: said.Weights is not null);
        return Change(parsed, recipe.Apply(blank));
    }

    /// <summary>The settings of a command line that names a detector.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The detector.</param>
    /// <param name="before">The settings of the run that is resumed, if one is.</param>
    public DetectorRunSettings Read(ParseResult parsed, DetectorModel model, DetectorRunSettings? before) => Given(parsed).Aggregate(
        before ?? model.Recipe.Apply(new DetectorRunSettings { Model = model.Name, Data = DetectionDatasets.Shapes }), (settings, option) => option.Detector!(parsed, settings));

    TrainingSettings Change(ParseResult parsed, TrainingSettings settings) =>
        Given(parsed).Aggregate(settings, (changed, option) => option.Network!(parsed, changed));

    IEnumerable<SettingsOption> Given(ParseResult parsed) => _options.Where(one => parsed.GetResult(one.Option) is { Implicit: false });

    static Option<ImageSize?> ImageSize() => new("--image-size")
    {
        Description = "Size of the input: 160, or rows and columns, 160x224; of a detector the shorter side and the most of the longer, 300,500; the model's own if not given",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Training.ImageSize.TryParse(text) is { } size) return size;
            result.AddError($"--image-size: expected 160 or 160x224, of a detector 300 or 300,500, found \"{text}\"");
            return null;
        },
    };

    static Option<double[]?> Anchors() => new("--anchors")
    {
        Description = "Sides of a detector's square anchors in pixels, 32,64,128; the model's own if not given",
        HelpName = "SIDES",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var sides = text.Split(',').Select(side => StrictNumber.TryParse<double>(side, out var pixels) ? pixels : 0).ToArray();
            if (sides.All(side => side > 0)) return sides;
            result.AddError($"--anchors: expected sides above 0 as in 32,64,128, found \"{text}\"");
            return null;
        },
    };

    void Text(
        string name, string unit, string description, Func<TrainingSettings, string, TrainingSettings>? network,
        Func<DetectorRunSettings, string, DetectorRunSettings>? detector = null, Action<string>? check = null)
    {
        var option = new Option<string>(name) { Description = description, HelpName = unit };
        if (check is not null)
            option.Validators.Add(result =>
            {
                try
                {
                    if (result.Tokens is [var text]) check(text.Value);
                }
                catch (ArgumentException e)
                {
                    result.AddError(e.Message);
                }
            });
        Add(option, network, detector);
    }

    void Flag(string name, string description, Func<TrainingSettings, bool, TrainingSettings> network, Func<DetectorRunSettings, bool, DetectorRunSettings>? detector = null) =>
        Add(new Option<bool>(name) { Description = description }, network, detector);

    /// <summary>Adds a flag that switches something off.</summary>
    void Negation(string name, string description, Func<TrainingSettings, bool, TrainingSettings> network) => Flag(name, description, (settings, off) => network(settings, !off));

    void Number<T>(
        string name, string unit, string description, T least, T most,
        Func<TrainingSettings, T, TrainingSettings> network, Func<DetectorRunSettings, T, DetectorRunSettings>? detector = null) where T : struct, INumber<T>
    {
        // The recipe has the usual value.
        var option = CommonOptions.Number(name, description, unit, least, most, usual: default(T));
        option.DefaultValueFactory = null;
        Add(option, network, detector);
    }

    /// <summary>Adds an option.</summary>
    /// <param name="option">The option.</param>
    /// <param name="network">The change of a classifier's run; null if it is a detector's alone.</param>
    /// <param name="detector">The change of a detector's run; null if it is a classifier's alone.</param>
    void Add<T>(Option<T> option, Func<TrainingSettings, T, TrainingSettings>? network, Func<DetectorRunSettings, T, DetectorRunSettings>? detector)
    {
        _command.Add(option);
        _options.Add(new(option,
            network is null ? null : (parsed, settings) => network(settings, parsed.GetValue(option)!),
            detector is null ? null : (parsed, settings) => detector(settings, parsed.GetValue(option)!)));
    }

    static T? Choice<T>(ArgumentResult result, IReadOnlyList<T> all, Func<T, string> name) where T : class
    {
        var text = result.Tokens[0].Value;
        if (all.FirstOrDefault(one => name(one).Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        result.AddError($"There is no recipe {text}; expected {string.Join(", ", all.Select(name))}");
        return null;
    }

    /// <summary>An option, and what it changes.</summary>
    /// <param name="Option">The option.</param>
    /// <param name="Network">The change of a classifier's run.</param>
    /// <param name="Detector">The change of a detector's run.</param>
    sealed record SettingsOption(
        Option Option, Func<ParseResult, TrainingSettings, TrainingSettings>? Network, Func<ParseResult, DetectorRunSettings, DetectorRunSettings>? Detector);
}
