using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using ResNet.Benchmarks.Kernels;
using ResNet.Benchmarks.Networks;
using ResNet.Benchmarks.Pipeline;
using ResNet.Benchmarks.Planning;

if (args is ["peak"])
{
    SharesOfPeak.Print();
    return;
}
if (args is ["plan"])
{
    PlanningTimes.Print();
    return;
}
if (args is ["pipeline", var images, .. var rest])
{
    int Number(int at, int otherwise) => rest.Length > at ? int.Parse(rest[at], CultureInfo.InvariantCulture) : otherwise;
    PipelineShare.Print(images, rest is [var name, ..] ? name : nameof(ResNet18), Number(1, otherwise: 8), workers: Number(2, otherwise: 0));
    return;
}

// Each benchmark runs in a process of its own, for which the whole solution is built anew: that takes a while.
// Networks layer by layer are timed by "resnet bench".
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance)
    .WithBuildTimeout(TimeSpan.FromMinutes(10))
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40)));
