namespace ResNet.Planning.Programs;

/// <summary>
/// The version of what programs say. Generated code carries that of its generator, and the runtime refuses another. It moves when
/// an operation is added, dropped or changes its meaning.
/// </summary>
static class FormatVersion
{
    public const int Current = 1;
}
