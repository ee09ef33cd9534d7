namespace ResNet.Dsl;

static class LayerTable
{
    public static long Count(Layer layer) => layer.LayerCount;
    public static string Join(string scope, string name) => FullName.Join(scope, name);
    public static string Iteration(Repeat repeat, int i) => repeat.IterationScope(i);
}
