using System.Diagnostics.CodeAnalysis;
using ResNet.Runtime.Classification;
using ResNet.Runtime.Vision;

namespace ResNet.Runtime;

/// <summary>
/// Networks of the same classes that classify together: each picture is decoded once, every network sees its views of it, and
/// the scores of all are averaged, each network's counting the same. The networks may differ in everything else: architecture, input size, preprocessing, device. Labels and
/// preprocessing are as they are when the ensemble is made. Every method may be called from any number of threads at once.
/// </summary>
public sealed class Ensemble : IDisposable
{
    readonly Member[] _members;
    readonly bool _ownsNetworks;
    volatile bool _disposed;

    /// <summary>Makes an ensemble of networks, which remain the caller's to dispose.</summary>
    /// <param name="networks">The networks; their weights may change later, and the next call uses them.</param>
    /// <exception cref="ArgumentException">There are no networks, one does not classify pictures, or their classes differ; the message says where.</exception>
    public Ensemble(params IReadOnlyList<Network> networks) : this(networks, ownsNetworks: false)
    {
    }

    /// <inheritdoc cref="Ensemble(IReadOnlyList{Network})"/>
    // C# before 13 and other languages list arguments for arrays alone.
    public Ensemble(params Network[] networks) : this(networks, ownsNetworks: false)
    {
    }

    Ensemble(IReadOnlyList<Network> networks, bool ownsNetworks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        if (networks.Count == 0) throw new ArgumentException("An ensemble is of one network at least", nameof(networks));
        foreach (var network in networks) ArgumentNullException.ThrowIfNull(network, nameof(networks));
        Networks = Array.AsReadOnly(networks.ToArray());
        Labels = CommonLabels.Of(Networks);
        _members = [.. Networks.Select((network, index) => new Member(network, CommonLabels.NameOf(Networks, index)))];
        _ownsNetworks = ownsNetworks;
    }

    /// <summary>Opens what <see cref="Network.Save(string)"/> or training runs have saved.</summary>
    /// <param name="paths">The files, or the folders of runs: of their weights the best, or else the last.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <returns>An ensemble that disposes its networks, but not the device.</returns>
    /// <exception cref="WeightsException">A file is broken, or does not say which network it is of.</exception>
    /// <exception cref="ArgumentException">There are no paths, a network does not classify pictures, or their classes differ.</exception>
    public static Ensemble Open(IReadOnlyList<string> paths, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var networks = new List<Network>();
        try
        {
            foreach (var path in paths) networks.Add(Network.Open(path, device));
            return new(networks, ownsNetworks: true);
        }
        catch
        {
            foreach (var network in networks) network.Dispose();
            throw;
        }
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Network> Networks { get; }

    /// <summary>The names of the classes, by index.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Averages the scores of pictures. As many views are computed together as there are pictures, but all of a picture.</summary>
    /// <param name="images">Pictures of any sizes.</param>
    /// <param name="protocol">The views of each, and what is averaged; <see cref="TestProtocol.CenterCrop"/> where null.</param>
    /// <returns>
    /// images × classes: mean logits, or the logarithms of mean probabilities; softmax makes probabilities of either.
    /// </returns>
    /// <exception cref="ArgumentException">A network does not take the views.</exception>
    /// <exception cref="ImageException">A picture cannot be made an input, being far too long and narrow.</exception>
    public Tensor Score(IReadOnlyList<Image> images, TestProtocol? protocol = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        protocol ??= TestProtocol.CenterCrop;
        Check(protocol);
        return Score(images, image => Prepare(image, protocol), protocol);
    }

    /// <summary>Releases the ensemble, and its networks if <see cref="Open"/> has made them. No call may still be running.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        foreach (var member in _members) member.Dispose();
        if (!_ownsNetworks) return;
        foreach (var network in Networks) network.Dispose();
    }

    /// <summary>Returns whether the networks take the views of a protocol; some networks do not take whole pictures.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="reason">The network and the view that do not fit, in a sentence; null if all do.</param>
    public bool Takes(TestProtocol protocol, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        reason = _members.Select(member => member.Refusal(protocol)).FirstOrDefault(refusal => refusal is not null);
        return reason is null;
    }

    /// <summary>Checks that the networks take the views of a protocol.</summary>
    /// <exception cref="ArgumentException">One does not.</exception>
    internal void Check(TestProtocol protocol)
    {
        if (!Takes(protocol, out var reason)) throw new ArgumentException(reason, nameof(protocol));
    }

    /// <summary>The number of pictures of which all views are computed together.</summary>
    /// <param name="batchSize">The number of views that are.</param>
    /// <param name="protocol">The views of a picture.</param>
    internal static int PicturesOf(int batchSize, TestProtocol protocol) => Math.Max(1, batchSize / protocol.Views.Count);

    /// <summary>Cuts a picture's views out.</summary>
    /// <exception cref="ImageException">The picture is far too long and narrow.</exception>
    internal PreparedImage Prepare(Image image, TestProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(image);
        var picture = new ResizedPicture(image);
        return new(this, protocol, [.. _members.Select(member => protocol.Views.Select(view => member.Cut(picture, view)).ToArray())]);
    }

    /// <summary>Makes a place for the inputs of pictures.</summary>
    internal ViewBatch NewBatch() => new(_members);

    /// <summary>Averages the scores of pictures.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="prepare">Cuts out a picture's views.</param>
    /// <param name="protocol">The protocol of the views.</param>
    internal Tensor Score<T>(IReadOnlyList<T> pictures, Func<T, PreparedImage> prepare, TestProtocol protocol)
    {
        var scores = new Tensor(pictures.Count, Labels.Count);
        using var batch = NewBatch();
        var done = 0;
        foreach (var some in pictures.Chunk(PicturesOf(pictures.Count, protocol)))
        {
            batch.Fill([.. some.Select(prepare)]);
            Score(batch, protocol, scores.Data.Slice(done * Labels.Count, some.Length * Labels.Count));
            done += some.Length;
        }
        return scores;
    }

    /// <summary>Averages the scores of pictures.</summary>
    /// <param name="batch">The pictures' views.</param>
    /// <param name="protocol">The protocol of the views.</param>
    /// <param name="scores">pictures × classes; receives the result.</param>
    /// <param name="next">Waits for the batch after it, whose first views are sent to their device during the last pass; null where there is none.</param>
    internal void Score(ViewBatch batch, TestProtocol protocol, Span<float> scores, Func<ViewBatch?>? next = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var mean = new ScoreMean(batch.Pictures, Labels.Count, protocol.Average);
        var passes = batch.Passes;
        for (var i = 0; i < passes.Count; i++)
        {
            var after = i + 1;
            var logits = new float[passes[i].Pictures.Count * Labels.Count];
            passes[i].Run(logits, () => after < passes.Count ? passes[after] : next?.Invoke() is { Passes: [var first, ..] } ? first : null);
            for (var view = 0; view < passes[i].Pictures.Count; view++)
                mean.Add(passes[i].Pictures[view], logits.AsSpan(view * Labels.Count, Labels.Count));
        }
        mean.CopyTo(scores);
    }
}
