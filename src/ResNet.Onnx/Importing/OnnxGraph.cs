using Google.Protobuf;
using ResNet.Dsl;
using ResNet.Onnx.Protos;
using DataType = ResNet.Onnx.Protos.TensorProto.Types.DataType;

namespace ResNet.Onnx.Importing;

/// <summary>A model's graph as networks see it: nodes that compute, without constants and without nodes that change nothing.</summary>
sealed class OnnxGraph
{
    readonly string _file;
    readonly Dictionary<string, Numbers> _constants = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    // For each computed value, the last one that all paths to it go through, and its distance from the input.
    readonly Dictionary<string, (string? Dominator, int Depth)> _dominators = new(StringComparer.Ordinal);

    OnnxGraph(string file, ModelProto model)
    {
        _file = file;
        Model = model;
        foreach (var tensor in model.Graph.Initializer) _constants[tensor.Name] = Read(() => TensorReader.Read(tensor));
        // In older files, weights are inputs, too.
        var inputs = model.Graph.Input.Where(input => !_constants.ContainsKey(input.Name)).ToList();
        if (inputs is not [var image]) throw new OnnxException(file, $"the model has {inputs.Count} inputs; expected one, the images");
        (Input, (Batch, InputShape)) = (image.Name, ShapeOf(image));
        _dominators.Add(Input, (null, 0));
        foreach (var node in model.Graph.Node) Add(node);
    }

    /// <summary>The model.</summary>
    public ModelProto Model { get; }

    /// <summary>Name of the images.</summary>
    public string Input { get; }

    /// <summary>Shape of an image, or of a vector.</summary>
    public Shape InputShape { get; }

    /// <summary>Images at a time; 0 if the model takes any number.</summary>
    public long Batch { get; }

    /// <summary>Version of ONNX's own operators; 1 where the model does not say.</summary>
    public long Opset => Model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 1;

    /// <summary>Reads a model.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="stream">The model.</param>
    /// <exception cref="OnnxException">It is no model, or one that is no network of images.</exception>
    public static OnnxGraph Read(string file, Stream stream)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxException(file, "this is no ONNX model, or a damaged one", inner: e);
        }
        return model.Graph is null ? throw new OnnxException(file, "this is no ONNX model: it has no graph") : new(file, model);
    }

    /// <summary>The value before nodes that change nothing.</summary>
    public string Resolve(string name) => _aliases.GetValueOrDefault(name, name);

    /// <summary>The node that computes a value.</summary>
    /// <exception cref="OnnxException">There is none.</exception>
    public OnnxNode Producer(string value) => _producers.GetValueOrDefault(value) ?? throw new OnnxException(_file, $"no node computes \"{value}\" from the images");

    /// <summary>The last value that all paths to a value go through.</summary>
    public string DominatorOf(string value) => _dominators[value].Dominator!;

    void Add(NodeProto proto)
    {
        if (proto.Domain is not ("" or "ai.onnx")) throw new OnnxException(_file, $"the operator is of the domain {proto.Domain}, which is none of ONNX's own", $"{proto.OpType} \"{proto.Name}\"");
        if (proto.Output.Count == 0) throw new OnnxException(_file, "the node has no output", $"{proto.OpType} \"{proto.Name}\"");
        var inputs = proto.Input.Select(Resolve).ToList();
        var constants = new Dictionary<int, Numbers>();
        for (var i = 0; i < inputs.Count; i++)
            if (_constants.TryGetValue(inputs[i], out var numbers)) constants.Add(i, numbers);
        var node = new OnnxNode(proto, _file, [.. inputs.Where((name, i) => name.Length > 0 && !constants.ContainsKey(i))], constants);
        var output = proto.Output[0];
        if (_dominators.ContainsKey(output) || _constants.ContainsKey(output) || _aliases.ContainsKey(output)) throw node.Wrong($"\"{output}\" is there already");
        switch (node.Type)
        {
            case "Constant":
                _constants[output] = Read(() => TensorReader.Read(node.Tensor("value") ?? throw new InvalidDataException("its value is no tensor")), node) with { Name = output };
                return;
            case "Dropout" when node.IsSet(2) && (node.IsSet(1) || !node.Constants.ContainsKey(1)):
                throw node.Wrong("it drops values, as in training; export the model for inference (model.eval())");
            case "Identity" or "Dropout" when node.Constants.GetValueOrDefault(0) is { } same:
                // PyTorch writes weights of equal values once, and gives them the names of the others so.
                _constants[output] = same with { Name = output };
                return;
            case "Identity" or "Dropout":
                _aliases[output] = inputs.FirstOrDefault() ?? throw node.Wrong("the node has no input");
                return;
        }
        if (node.Computed.Count == 0) throw node.Wrong("the node computes with constants alone; fold them (onnxsim, or torch.onnx.export with constant folding)");
        foreach (var input in node.Computed)
            if (!_dominators.ContainsKey(input)) throw node.Wrong($"its input \"{input}\" is computed by no node before it");
        _producers.Add(output, node);
        var dominator = node.Computed.Aggregate(Common);
        _dominators[output] = (dominator, _dominators[dominator].Depth + 1);
    }

    string Common(string one, string other)
    {
        while (one != other)
            if (_dominators[one].Depth >= _dominators[other].Depth) one = _dominators[one].Dominator!;
            else other = _dominators[other].Dominator!;
        return one;
    }

    (long Batch, Shape Image) ShapeOf(ValueInfoProto image)
    {
        var type = (DataType)(image.Type?.TensorType?.ElemType ?? 0);
        if (type is not (DataType.Undefined or DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16))
            throw new OnnxException(_file, $"the input \"{image.Name}\" is of the type {type}; expected floating-point numbers");
        var dimensions = image.Type?.TensorType?.Shape?.Dim.Select(dimension => dimension.DimValue).ToList();
        // Vectors are images of one pixel.
        var sizes = dimensions is [var count, var length] ? [count, length, 1, 1] : dimensions;
        return sizes is [var batch, > 0 and <= int.MaxValue and var channels, > 0 and <= int.MaxValue and var height, > 0 and <= int.MaxValue and var width]
            ? (batch, new((int)channels, (int)height, (int)width))
            : throw new OnnxException(_file, $"the input \"{image.Name}\" is {(dimensions is null ? "of unknown shape" : string.Join('×', dimensions.Select(size => size == 0 ? "?" : $"{size}")))}; expected batch×channels×height×width or batch×values, all but the batch known");
    }

    Numbers Read(Func<Numbers> read, OnnxNode? node = null)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw node?.Wrong(e.Message) ?? new OnnxException(_file, e.Message);
        }
    }
}
