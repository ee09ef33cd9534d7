using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

// Each benchmark runs in a process of its own, for which the whole solution is built anew.
// Networks layer by layer are timed by "resnet bench".
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(TimeSpan.FromMinutes(10)));
