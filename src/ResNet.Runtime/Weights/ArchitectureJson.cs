using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ResNet.Dsl;

namespace ResNet.Runtime.Weights;

/// <summary>A network as a file of its weights keeps it.</summary>
/// <param name="Network">The layer tree; a repeat stays one.</param>
/// <param name="Recompute">Whether training computes residual units a second time.</param>
sealed record Architecture(NetworkDefinition Network, bool Recompute);

/// <summary>The JSON of a layer tree: each layer is an object with its <c>kind</c> and the values of its record.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(LayerListConverter)])]
[JsonSerializable(typeof(Architecture))]
[JsonSerializable(typeof(Layer[]))]
[JsonSerializable(typeof(Conv2d)), JsonSerializable(typeof(BatchNorm)), JsonSerializable(typeof(Relu)), JsonSerializable(typeof(Sigmoid))]
[JsonSerializable(typeof(Scale)), JsonSerializable(typeof(Dropout)), JsonSerializable(typeof(StochasticDepth)), JsonSerializable(typeof(MaxPool)), JsonSerializable(typeof(AveragePool))]
[JsonSerializable(typeof(GlobalAveragePool)), JsonSerializable(typeof(Flatten)), JsonSerializable(typeof(Dense)), JsonSerializable(typeof(ZeroPad))]
[JsonSerializable(typeof(Tap)), JsonSerializable(typeof(Output)), JsonSerializable(typeof(Sequence)), JsonSerializable(typeof(Repeat))]
[JsonSerializable(typeof(Residual)), JsonSerializable(typeof(Branch))]
sealed partial class ArchitectureJson : JsonSerializerContext
{
    /// <summary>Levels of JSON, of which a residual unit in a repeat takes eight.</summary>
    const int MaxDepth = 512;

    static readonly (Type Type, string Kind)[] _kinds =
    [
        (typeof(Conv2d), "conv"), (typeof(BatchNorm), "batchNorm"), (typeof(Relu), "relu"), (typeof(Sigmoid), "sigmoid"), (typeof(Scale), "scale"),
        (typeof(Dropout), "dropout"), (typeof(StochasticDepth), "stochasticDepth"), (typeof(MaxPool), "maxPool"), (typeof(AveragePool), "averagePool"), (typeof(GlobalAveragePool), "globalAveragePool"),
        (typeof(Flatten), "flatten"), (typeof(Dense), "dense"), (typeof(ZeroPad), "zeroPad"), (typeof(Tap), "tap"), (typeof(Output), "output"),
        (typeof(Sequence), "sequence"), (typeof(Repeat), "repeat"), (typeof(Residual), "residual"), (typeof(Branch), "branch"),
    ];

    static readonly Lazy<JsonTypeInfo<Architecture>> _architecture = new(() =>
    {
        var options = new JsonSerializerOptions(Default!.Options) { MaxDepth = MaxDepth, TypeInfoResolver = Default.WithAddedModifier(NameKinds) };
        return (JsonTypeInfo<Architecture>)options.GetTypeInfo(typeof(Architecture));
    });

    /// <summary>Writes a network.</summary>
    public static string Write(Architecture architecture) => JsonSerializer.Serialize(architecture, _architecture.Value);

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="JsonException">The text is not that.</exception>
    /// <exception cref="NotSupportedException">A layer has no kind.</exception>
    /// <exception cref="NetworkException">It describes no network.</exception>
    public static Architecture Read(string text)
    {
        var architecture = JsonSerializer.Deserialize(text, _architecture.Value) ?? throw new JsonException("null");
        architecture.Network.Validate();
        return architecture;
    }

    /// <summary>The layers' own assembly is free of JSON, so that their kinds are told apart here.</summary>
    static void NameKinds(JsonTypeInfo info)
    {
        if (info.Type != typeof(Layer)) return;
        info.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "kind" };
        foreach (var (type, kind) in _kinds) info.PolymorphismOptions.DerivedTypes.Add(new(type, kind));
    }

    /// <summary>A list of layers as an array.</summary>
    sealed class LayerListConverter : JsonConverter<EquatableArray<Layer>>
    {
        public override EquatableArray<Layer> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var layers = JsonSerializer.Deserialize(ref reader, LayersOf(options));
            return layers is null || Array.IndexOf(layers, null) >= 0 ? throw new JsonException("a layer is null") : new(layers);
        }

        public override void Write(Utf8JsonWriter writer, EquatableArray<Layer> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, [.. value], LayersOf(options));

        static JsonTypeInfo<Layer[]> LayersOf(JsonSerializerOptions options) => (JsonTypeInfo<Layer[]>)options.GetTypeInfo(typeof(Layer[]));
    }
}
