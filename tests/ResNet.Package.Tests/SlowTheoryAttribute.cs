namespace ResNet.Package.Tests;

/// <summary>A theory that downloads compilers of a hundred megabytes and takes minutes: it runs only on request.</summary>
sealed class SlowTheoryAttribute : TheoryAttribute
{
    public SlowTheoryAttribute() => Skip = Environment.GetEnvironmentVariable("RESNET_SLOW_TESTS") == "1" ? null : "it takes minutes; RESNET_SLOW_TESTS=1 runs it";
}
