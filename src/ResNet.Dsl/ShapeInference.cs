namespace ResNet.Dsl;

static class ShapeInference
{
    public const int MaxChannels = Limits.MaxChannels;
    public const int MaxSize = Limits.MaxSize;
    public static Shape Output(Layer layer, Shape input) => layer.OutputShape(input);
    public static void Check(int value, int least, int most, string argument) => Limits.Check(value, least, most, argument);
    public static void CheckDefined<T>(T value, string argument) where T : struct, Enum => Limits.CheckDefined(value, argument);
}
