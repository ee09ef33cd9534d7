using System.Globalization;
using BenchmarkDotNet.Running;
using ResNet.Benchmarks;

// layers NETWORK [batch] [threads]: every layer of a forward pass, timed by itself.
// Anything else goes to BenchmarkDotNet.
if (args is ["layers", var network, .. var rest])
{
    if (!ForwardPass.Networks.Contains(network))
    {
        Console.Error.WriteLine($"There is no '{network}' here, but {string.Join(", ", ForwardPass.Networks)}.");
        return 1;
    }
    int Argument(int index, int otherwise) => rest.Length > index ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;
    LayerTiming.Run(network, batch: Argument(0, 1), threads: Argument(1, 1));
    return 0;
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
