using System.Reflection;
using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Model;
using ResNet.Runtime.Programs;

namespace ResNet.Generators.Tests.Emitting;

/// <summary>A network's generated code, as text and compiled.</summary>
sealed class GeneratedNetwork
{
    readonly Type _type;

    GeneratedNetwork(NetworkModel model, IReadOnlyList<(string HintName, string Source)> files, Assembly assembly)
    {
        Model = model;
        Files = files;
        _type = assembly.GetType($"{model.Place.Namespace}.{model.Place.Name}", throwOnError: true)!;
    }

    public NetworkModel Model { get; }

    public IReadOnlyList<(string HintName, string Source)> Files { get; }

    public string Description => Files[0].Source;

    public string Inference => Files[1].Source;

    public string Training => Files[2].Source;

    /// <summary>The model of a class <c>User.Nets.Net</c>.</summary>
    public static NetworkModel ModelOf(NetworkDefinition definition, string className = "Net", bool recomputes = false) =>
        new(new("User.Nets", default, className), definition) { Recomputes = recomputes };

    public static GeneratedNetwork Of(NetworkDefinition definition, bool recomputes = false) => OfAll([definition], recomputes)[0];

    /// <summary>Compiles many networks at once: one run of the compiler costs more than a network.</summary>
    public static IReadOnlyList<GeneratedNetwork> OfAll(IReadOnlyList<NetworkDefinition> definitions, bool recomputes = false)
    {
        var models = definitions.Select((definition, i) => ModelOf(definition, "Net" + i, recomputes)).ToList();
        var files = models.Select(model => Emitter.Emit(model).ToList()).ToList();
        var assembly = Assembly.Load(StrictCompiler.Compile(
            [.. models.Select(model => ("User.cs", $"namespace {model.Place.Namespace}; public partial class {model.Place.Name};")), .. files.SelectMany(file => file)]));
        return [.. models.Zip(files, (model, file) => new GeneratedNetwork(model, file, assembly))];
    }

    /// <summary>An instance of the class.</summary>
    public Runtime.Network Create(Runtime.Device? device = null) => (Runtime.Network)Activator.CreateInstance(_type, [device])!;

    /// <summary>Executes the generated forward pass.</summary>
    public void Infer(InferencePass pass) => Execute("Infer", pass);

    /// <summary>Executes the generated training step.</summary>
    public void Train(TrainingPass pass) => Execute("Train", pass);

    void Execute<T>(string method, T pass)
    {
        using var network = Create();
        _type.GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!
            .CreateDelegate<Action<T>>(network)(pass);
    }

    public T Constant<T>(string name) => (T)_type.GetField(name)!.GetRawConstantValue()!;
}
