using System.Globalization;
using BenchmarkDotNet.Running;
using ResNet.Benchmarks;

// layers NETWORK [batch] [threads]: every layer of a forward pass, timed by itself.
// Anything else goes to BenchmarkDotNet.
if (args is ["layers", var network, .. var rest])
{
    int Argument(int index, int otherwise) => rest.Length > index ? int.Parse(rest[index], CultureInfo.InvariantCulture) : otherwise;
    LayerTiming.Run(network, batch: Argument(0, 1), threads: Argument(1, 1));
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
