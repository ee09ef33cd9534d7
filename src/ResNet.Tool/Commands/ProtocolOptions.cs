using System.CommandLine;
using ResNet.Runtime;
using ResNet.Tool.Output;

namespace ResNet.Tool.Commands;

/// <summary>The options that say which views of an image are tested and what is averaged: <c>--tta</c> and <c>--average</c>.</summary>
sealed class ProtocolOptions
{
    const string Flip = "flip", TenCrop = "10-crop", MultiScale = "multi-scale";

    // Whole pictures of less than this part of a network's side are worth a warning.
    const int SmallestScale = 4;

    static readonly Dictionary<string, ScoreAverage> _averages = new(StringComparer.OrdinalIgnoreCase)
    {
        ["logits"] = ScoreAverage.Logits,
        ["probabilities"] = ScoreAverage.Probabilities,
    };

    readonly Option<TestProtocol?> _protocol = new("--tta")
    {
        Description = $"Average several views of an image: {TenCrop}, {MultiScale} or {Flip}; with sizes as {TenCrop}:256 or {MultiScale}:224,256,384",
        HelpName = "PROTOCOL",
        CustomParser = result =>
        {
            if (Parse(result.Tokens[0].Value) is { } protocol) return protocol;
            result.AddError($"--tta: expected {TenCrop}, {MultiScale} or {Flip}, or sizes from 1 to {WholeView.MaxSide} as in {TenCrop}:256 or {MultiScale}:224,256,384; found \"{result.Tokens[0].Value}\"");
            return null;
        },
    };

    readonly Option<ScoreAverage> _average =
        CommonOptions.OneOf("--average", "SCORES", _averages, ScoreAverage.Logits, "What --tta and --ensemble average: logits or probabilities");

    /// <summary>Adds the options to a command.</summary>
    public ProtocolOptions(Command command)
    {
        _protocol.CompletionSources.Add(TenCrop, MultiScale, Flip);
        command.Options.Add(_protocol);
        command.Options.Add(_average);
    }

    /// <summary>Both options.</summary>
    public IReadOnlyList<Option> Options => [_protocol, _average];

    /// <summary>The protocol that a command line asks for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isEnsemble">Whether there are several networks to average.</param>
    /// <exception cref="ToolException">It says what to average where there is nothing to.</exception>
    public TestProtocol Of(ParseResult parsed, bool isEnsemble)
    {
        var protocol = parsed.GetValue(_protocol);
        if (protocol is null && !isEnsemble && parsed.GetResult(_average) is { Implicit: false })
            throw new ToolException("--average: one view by one network leaves nothing to average; --tta asks for more views, --ensemble for more networks");
        return (protocol ?? TestProtocol.CenterCrop) with { Average = parsed.GetValue(_average) };
    }

    /// <summary>Tells what one may not expect of a protocol: pictures far below a network's size, and dense layers that become convolutions.</summary>
    public static void Tell(TestProtocol protocol, IEnumerable<Network> networks, Streams streams)
    {
        foreach (var network in networks)
        {
            var (name, input) = (network.Definition.Name, network.Definition.Input);
            var side = Math.Min(input.Height, input.Width);
            foreach (var resize in protocol.Views.OfType<CropView>().Select(view => view.Resize).Distinct().Where(resize => resize < side))
                streams.Error.WriteLine($"warning: {protocol.Name}: {name} is shown crops of {input.Height}×{input.Width} of pictures with a shorter side of {resize}; what they do not fill is black");
            foreach (var scale in protocol.Views.OfType<WholeView>().Select(view => view.ShorterSide).Distinct().Where(scale => scale * SmallestScale < side))
                streams.Error.WriteLine($"warning: {protocol.Name}: {name} is for pictures of {input.Height}×{input.Width}; little is left of them with a shorter side of {scale}");
            if (protocol.Views.Any(view => view is WholeView) && network.Definition.ToFullyConvolutional() != network.Definition)
                streams.Error.WriteLine($"note: {name} is shown whole pictures in its fully convolutional form: its dense layers are convolutions of the same weights");
        }
    }

    static TestProtocol? Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split(':');
        if (parts.Length > 2) return null;
        if (parts.Length == 1)
        {
            return parts[0] switch
            {
                Flip => TestProtocol.Flip,
                TenCrop => TestProtocol.TenCrop,
                MultiScale => TestProtocol.MultiScale,
                _ => null,
            };
        }
        var sizes = parts[1].Split(',').Select(size => StrictNumber.TryParse<int>(size, out var value) && value is > 0 and <= WholeView.MaxSide ? value : 0).ToArray();
        if (sizes.Contains(0)) return null;
        return (parts[0], sizes) switch
        {
            (TenCrop, [var resize]) => TestProtocol.TenCropOf(resize),
            (MultiScale, _) => TestProtocol.MultiScaleOf(sizes),
            _ => null,
        };
    }
}
