namespace ResNet.Runtime.Communication;

/// <summary>One rank, whose own values are those of all.</summary>
sealed class SingleCommunicator() : Communicator(rank: 0, size: 1)
{
    public override string Name => "one process";

    protected override void SumValues(Span<float> values)
    {
    }

    protected override void SumValues(Span<double> values)
    {
    }

    protected override void BroadcastBytes(Span<byte> values, int root)
    {
    }

    protected override void Meet()
    {
    }

    protected override void EndAll(string message) => throw new CommunicationException(message);
}
