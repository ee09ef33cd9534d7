using ResNet.Dsl;
using ResNet.Runtime.Vision;

namespace ResNet.Runtime.Classification;

/// <summary>A network of an ensemble, with the preprocessing that it had when the ensemble was made.</summary>
sealed class Member : IDisposable
{
    readonly Preprocessing _preprocessing;
    readonly SizedNetworks _networks;
    readonly string _name;

    /// <summary>Takes a network, which remains the caller's to dispose.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ArgumentException">The network does not classify pictures of its input's size.</exception>
    public Member(Network network, string name)
    {
        (_preprocessing, _networks, _name) = (network.Preprocessing, new(network), name);
        var input = network.Definition.Input;
        if (input.Channels != _preprocessing.Channels)
            throw new ArgumentException($"{name} takes {input.Channels} channels, a picture has {_preprocessing.Channels} channels");
        if (!network.OutputShape.IsVector)
            throw new ArgumentException($"{name} yields feature maps, {network.OutputShape}, not a value per class");
        if ((_preprocessing.Height, _preprocessing.Width) != (input.Height, input.Width))
            throw new ArgumentException($"{name} takes {input.Height}×{input.Width} pixels, its preprocessing yields {_preprocessing.Height}×{_preprocessing.Width}");
        if (_preprocessing.PixelMean is { } mean && (mean.Height, mean.Width) != (input.Height, input.Width))
            throw new ArgumentException($"{name} takes {input.Height}×{input.Width} pixels, its mean is of {mean.Height}×{mean.Width}");
    }

    /// <summary>Says why the network does not take the views of a protocol: it takes no whole pictures, or none of a scale; null if it does.</summary>
    public string? Refusal(TestProtocol protocol)
    {
        foreach (var side in protocol.Views.OfType<WholeView>().Select(view => view.ShorterSide).Distinct())
        {
            try
            {
                // No picture is smaller; and a network for which the longer side matters does not take pictures of all shapes.
                _networks.Check(side, side);
                _networks.Check(side, Math.Min(2 * side, WholeView.MaxSide));
            }
            catch (NetworkException e)
            {
                return $"{protocol.Name}: {_name} cannot be shown whole pictures with a shorter side of {side}. {e.Message}";
            }
        }
        return null;
    }

    /// <summary>Cuts a view out of a picture.</summary>
    /// <exception cref="ImageException">The picture is too long and narrow.</exception>
    public CutView Cut(ResizedPicture picture, View view) => view.Cut(picture, _preprocessing);

    /// <inheritdoc cref="SizedNetworks.Rent"/>
    public SizedSession Rent(int height, int width) => _networks.Rent(height, width);

    public void Dispose() => _networks.Dispose();
}
