using ResNet.Dsl;

namespace ResNet.Generators.Tests.Planning;

/// <summary>Networks put together at random; the same ones in every run.</summary>
/// <param name="seed">What a network follows from.</param>
/// <param name="everything">Whether there are gates, scales, frozen norms, flattening and several outputs, too.</param>
sealed class RandomNetworks(int seed, bool everything)
{
    const int MaxNesting = 4;
    readonly Random _random = new(seed);
    int _taps, _outputs;

    public static NetworkDefinition Create(int seed) => new RandomNetworks(seed, everything: false).Create();

    public static NetworkDefinition CreateOfEverything(int seed) => new RandomNetworks(seed, everything: true).Create();

    NetworkDefinition Create()
    {
        while (true)
        {
            var net = new NetworkBuilder().Input(Pick(1, 3, 4, 17), Pick(1, 5, 6, 7, 8), Pick(4, 6, 8, 15));
            Layers(net, 1 + _random.Next(7), 0, tapped: true);
            if (Chance(0.5)) Try(net, n => n.GlobalAveragePool().Dense(3));
            try
            {
                return net.Build("Random" + seed);
            }
            catch (NetworkException)
            {
                // Nothing that was tried fitted.
            }
        }
    }

    void Layers(NetworkBuilder net, int count, int nesting, bool tapped)
    {
        for (var i = 0; i < count; i++) Try(net, n => Layer(n, nesting, tapped));
    }

    /// <summary>Adds what may not fit; then it is left out.</summary>
    static void Try(NetworkBuilder net, Action<NetworkBuilder> declare)
    {
        try
        {
            declare(net);
        }
        catch (NetworkException)
        {
            // The builder stays as it was.
        }
    }

    void Layer(NetworkBuilder net, int nesting, bool tapped)
    {
        var same = net.Shape.Channels;
        if (everything && Chance(0.25))
        {
            Further(net, nesting, tapped);
            return;
        }
        switch (_random.Next(nesting < MaxNesting ? 21 : 13))
        {
            case 0 or 1 or 2:
                net.Conv(Chance(0.7) ? same : Pick(2, 4, 6), Pick(1, 3), Chance(0.85) ? 1 : 2, padding: 1, bias: Chance(0.2));
                break;
            case 3:
                net.Conv(same, 1).BatchNorm().Relu();
                break;
            case 4 or 5:
                net.BatchNorm();
                break;
            case 6 or 7:
                net.Relu();
                break;
            case 8:
                if (Chance(0.5)) net.MaxPool(3, Pick(1, 1, 2), padding: 1);
                else net.AveragePool(3, Pick(1, 1, 2), padding: 1);
                break;
            case 9:
                if (nesting == 0) net.Dropout(0.5);
                else net.StochasticDepth(0.5);
                break;
            case 10:
                if (tapped) net.Tap("tap" + ++_taps);
                break;
            case 11:
                net.BatchNorm().Relu();
                break;
            case 12:
                Geometry(net, same);
                break;
            case 13:
                net.Sequence(n => Layers(n, 1 + _random.Next(3), nesting + 1, tapped));
                break;
            case 14 or 15 or 16:
                net.Repeat(1 + _random.Next(5), n => Layers(n, 1 + _random.Next(3), nesting + 1, tapped: false));
                break;
            default:
                Residual(net, nesting, tapped);
                break;
        }
    }

    void Further(NetworkBuilder net, int nesting, bool tapped)
    {
        switch (_random.Next(12))
        {
            case 0 or 1:
                net.Sigmoid();
                break;
            case 2:
                net.Scale();
                break;
            case 3:
                net.Scale(-1, shift: 1);
                break;
            case 4:
                net.Conv(net.Shape.Channels, 1).Scale().Relu();
                break;
            case 5:
                net.BatchNorm(frozen: true);
                break;
            case 6:
                if (net.Shape.Elements < 100) net.Flatten();
                break;
            case 7:
                if (tapped) net.Output("out" + ++_outputs);
                break;
            case 8 or 9:
                if (tapped && nesting < MaxNesting) net.Branch("out" + ++_outputs, n => Layers(n, _random.Next(4), nesting + 1, tapped));
                break;
            default:
                if (nesting < MaxNesting) Residual(net, nesting, tapped, Merge.Product);
                break;
        }
    }

    /// <summary>A convolution or window whose sizes divide nothing.</summary>
    void Geometry(NetworkBuilder net, int same)
    {
        var (kernel, stride, padding) = (Pick(1, 2, 3, 4, 5), Pick(1, 1, 2, 3), _random.Next(4));
        switch (_random.Next(8))
        {
            case 0:
                net.MaxPool(kernel, stride, padding);
                break;
            case 1:
                net.AveragePool(kernel, stride, padding);
                break;
            case 2:
                net.Conv(same, kernel, stride, padding, Pick(1, 2, 3), groups: same, bias: Chance(0.5));
                break;
            case 3:
                net.Conv(2 * same, kernel, stride, padding, groups: Pick(2, 3, 17));
                break;
            case 4 or 5:
                net.Residual(n => n.Conv(same + Pick(0, 1, 2, 15, 20), kernel, stride, padding), (Shortcut)_random.Next(4), (Activation)_random.Next(3));
                break;
            default:
                net.Conv(Pick(1, 5, 16, 17, 33, 40), kernel, stride, padding, Pick(1, 2), bias: Chance(0.5));
                break;
        }
    }

    void Residual(NetworkBuilder net, int nesting, bool tapped, Merge merge = Merge.Sum)
    {
        var activation = (Activation)_random.Next(3);
        void Main(NetworkBuilder n) => Layers(n, _random.Next(4), nesting + 1, tapped);
        if (Chance(0.3)) net.Residual(Main, n => Layers(n, _random.Next(3), nesting + 1, tapped), activation, merge: merge);
        else net.Residual(Main, (Shortcut)_random.Next(4), activation, merge: merge);
    }

    bool Chance(double probability) => _random.NextDouble() < probability;

    int Pick(params int[] values) => values[_random.Next(values.Length)];
}
