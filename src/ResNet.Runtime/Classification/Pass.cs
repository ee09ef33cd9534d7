namespace ResNet.Runtime.Classification;

/// <summary>Views that a network computes together.</summary>
/// <param name="member">The network.</param>
/// <param name="height">Rows of the views.</param>
/// <param name="width">Columns of the views.</param>
/// <param name="pictures">For each view, the number of its picture.</param>
/// <param name="images">views × channels × height × width, normalized.</param>
sealed class Pass(Member member, int height, int width, int[] pictures, ReadOnlyMemory<float> images) : IDisposable
{
    SizedSession? _session;
    ReadOnlyMemory<float> _images = images;

    /// <summary>For each view, the number of its picture.</summary>
    public IReadOnlyList<int> Pictures => pictures;

    /// <summary>Computes the logits; meanwhile the pass after it is sent to its device.</summary>
    /// <param name="logits">views × classes; receives the result.</param>
    /// <param name="next">Gives the pass after it; null where there is none. Not called where the device has no use for it.</param>
    public void Run(Span<float> logits, Func<Pass?> next)
    {
        var session = (_session ??= member.Rent(height, width)).Session;
        try
        {
            session.Predict(_images.Span, pictures.Length, logits, () => next()?.SendAfter(this));
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives the session back.</summary>
    public void Dispose()
    {
        _session?.Dispose();
        _session = null;
    }

    void SendAfter(Pass before)
    {
        // The same session has the network's activations already, and room for images that come while others are computed.
        if (before.Computes(member, height, width)) (_session, before._session) = (before._session, null);
        else _session = member.Rent(height, width);
        _images = _session!.Value.Session.Prepare(_images, pictures.Length);
    }

    bool Computes(Member other, int otherHeight, int otherWidth) => (member, height, width) == (other, otherHeight, otherWidth);
}
