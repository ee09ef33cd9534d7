using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using ResNet.Benchmarks.Kernels;
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

// Each benchmark runs in a process of its own, for which the whole solution is built anew: that takes a while.
// Networks layer by layer are timed by "resnet bench".
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance)
    .WithBuildTimeout(TimeSpan.FromMinutes(10))
    .WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(40)));
