using ResNet.Runtime.Vision;

namespace ResNet.Runtime.Classification;

/// <summary>The views of some pictures as inputs of networks: views of one network and size are one pass.</summary>
/// <param name="members">The networks.</param>
sealed class ViewBatch(IReadOnlyList<Member> members) : IDisposable
{
    // Pass by pass; they grow with the largest.
    readonly List<float[]> _buffers = [];
    Pass[] _passes = [];

    /// <summary>Number of pictures.</summary>
    public int Pictures { get; private set; }

    /// <summary>The passes; those of one size one after another.</summary>
    public IReadOnlyList<Pass> Passes => _passes;

    /// <summary>Normalizes the views of pictures, in the place of those before.</summary>
    public void Fill(IReadOnlyList<PreparedImage> pictures)
    {
        Dispose();
        Pictures = pictures.Count;
        var groups = pictures.SelectMany((picture, number) => picture.Views.SelectMany((views, member) => views.Select(view => (Number: number, Member: member, View: view))))
            .GroupBy(one => (one.Member, one.View.Pixels.Height, one.View.Pixels.Width)).OrderBy(group => group.Key).ToList();
        _passes = [.. groups.Select((group, index) => Fill(index, members[group.Key.Member], [.. group.Select(one => one.View)], [.. group.Select(one => one.Number)]))];
    }

    /// <summary>Gives back the sessions of passes that were not run.</summary>
    public void Dispose()
    {
        foreach (var pass in _passes) pass.Dispose();
        _passes = [];
    }

    Pass Fill(int index, Member member, CutView[] views, int[] pictures)
    {
        var length = views[0].Length;
        if (index == _buffers.Count) _buffers.Add([]);
        if (_buffers[index].Length < (long)views.Length * length) _buffers[index] = new float[checked(views.Length * length)];
        var buffer = _buffers[index];
        Parallel.For(0, views.Length, i => views[i].Normalize(buffer.AsSpan(i * length, length)));
        return new(member, views[0].Pixels.Height, views[0].Pixels.Width, pictures, buffer.AsMemory(0, views.Length * length));
    }
}
