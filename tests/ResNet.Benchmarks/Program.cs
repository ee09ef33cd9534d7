using BenchmarkDotNet.Running;

// Networks as a whole, layer by layer, are timed by "resnet bench".
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
