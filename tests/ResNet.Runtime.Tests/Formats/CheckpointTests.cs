using System.IO.Compression;
using System.Text;
using ResNet.Dsl;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Checkpoints as training programs save them: foreign objects, wrappers and averages around the weights of a network.</summary>
public class CheckpointTests
{
    static readonly NetworkDefinition _definition = TestNetworks.Build(2, 1, 1, net => net.GlobalAveragePool().Dense(3));

    static readonly (string, float[])[] _storages = [("w", [1, 2, 3, 4, 5, 6]), ("b", [7, 8, 9]), ("w2", [10, 20, 30, 40, 50, 60]), ("b2", [70, 80, 90]), ("s", [0.5f])];

    static string State(string prefix = "", string suffix = "") =>
        TorchFiles.Dict((prefix + "fc.weight", TorchFiles.Tensor("w" + suffix, 3, 2)), (prefix + "fc.bias", TorchFiles.Tensor("b" + suffix, 3)));

    static string Object(string module, string name, string state = "}") => $"c{module}\n{name}\n)\x81{state}b";

    static Network Load(string instructions, bool replaceHead = false, string? key = null)
    {
        var network = Network.Create(_definition);
        network.Load(TorchFiles.Zip(instructions, _storages), replaceHead, key, "checkpoint.pth");
        return network;
    }

    static void AssertLoaded(string instructions, string? key = null, float first = 1)
    {
        using var network = Load(instructions, key: key);
        Assert.Equal([first, 2 * first, 3 * first, 4 * first, 5 * first, 6 * first], network.Parameters["fc.weight"].Read().ToArray());
        Assert.Equal([7 * first, 8 * first, 9 * first], network.Parameters["fc.bias"].Read().ToArray());
    }

    public static TheoryData<string> Foreign => new()
    {
        Object("argparse", "Namespace", TorchFiles.Dict(("lr", "G\x3f\xf0\0\0\0\0\0\0"))),
        Object("argparse", "Namespace", TorchFiles.Dict(("net", State("", "2")))), // tensors within are the object's, not the file's
        "cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nU\u0002f8K\0K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbU\u0008abcdefgh\x86R",
        "cos\nsystem\n" + TorchFiles.Text("rm -rf /") + "\x85R", // named, and never called
        "cbuiltins\neval\n",
        "\x8c\x07pathlib\x8c\x09PosixPath\x93" + TorchFiles.Text("runs") + "\x85R",
        "ccopyreg\n_reconstructor\ncmodels\nConfig\ncbuiltins\nobject\nN\x87R}b",
        "cmodels\nConfig\n)}\x92", // arguments by name
        "(cmodels\nConfig\nK\x01o", // a class of Python 2
        "ccollections\ndefaultdict\ncbuiltins\nint\n\x85R" + TorchFiles.Text("a") + "K\x01s",
        "ccollections\ndeque\n)RK\u0001aK\u0002a(K\u0003e",
        "ctorch\ndevice\n" + TorchFiles.Text("cuda") + "\x85R",
        "ctorch\nfloat32\n",
        "ctorch._utils\n_rebuild_qtensor\n((" + TorchFiles.Text("storage") + "ctorch\nQInt8Storage\n" + TorchFiles.Text("q") + TorchFiles.Text("cpu") + "K\x01tQtR",
        "ctorch.optim.sgd\nSGD\n)\x81" + State("", "2") + "b",
        "(cenum\nA\n]K\u0001acenum\nB\nt",
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Objects_beside_the_tensors_are_inert(string value)
    {
        AssertLoaded(TorchFiles.Dict(("model", State()), ("epoch", "K\x03"), ("args", value)));
        AssertLoaded(TorchFiles.Dict(("args", value), ("state_dict", State("module."))));
    }

    [Theory]
    [InlineData("cargparse\nNamespace\n)\x81}b", "argparse.Namespace")]
    [InlineData("cos\nsystem\n" + "U\x06" + "reboot\x85R", "os.system")]
    public void An_object_where_a_tensor_must_stand_is_an_error(string value, string name)
    {
        var error = Assert.Throws<WeightsException>(() => Load(TorchFiles.Dict(("fc.weight", TorchFiles.Tensor("w", 3, 2)), ("fc.bias", value))));
        Assert.Contains("1 missing: fc.bias [3]", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<WeightsException>(() => Load(TorchFiles.Dict(("model", value))));
        Assert.Contains($"model ({name})", error.Message, StringComparison.Ordinal);
        Assert.Contains("state_dict()", error.Message, StringComparison.Ordinal);
        Assert.Equal("checkpoint.pth", error.File);
        Assert.Contains($"asks for {name}", Assert.Throws<WeightsException>(() => Load(value)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("net.")]
    [InlineData("backbone.")]
    [InlineData("_orig_mod.")]
    [InlineData("module._orig_mod.model.")]
    [InlineData("whatever.0.it_is.")]
    public void Any_prefix_is_found_by_the_networks_names(string prefix)
    {
        AssertLoaded(State(prefix));
        AssertLoaded(TorchFiles.Dict(
            ("n_averaged", TorchFiles.Tensor("s")), (prefix + "fc.weight", TorchFiles.Tensor("w", 3, 2)), (prefix + "fc.bias", TorchFiles.Tensor("b", 3)), ("steps", TorchFiles.Tensor("s"))));
        // The head under its other name.
        AssertLoaded(TorchFiles.Dict((prefix + "linear.weight", TorchFiles.Tensor("w", 3, 2)), (prefix + "linear.bias", TorchFiles.Tensor("b", 3))));
    }

    [Fact]
    public void What_stands_beside_the_prefix_is_something_elses()
    {
        AssertLoaded(TorchFiles.Dict(
            ("model.fc.weight", TorchFiles.Tensor("w", 3, 2)), ("model.fc.bias", TorchFiles.Tensor("b", 3)), ("criterion.weight", TorchFiles.Tensor("b2", 3))));
        var error = Assert.Throws<WeightsException>(() => Load(TorchFiles.Dict(
            ("model.fc.weight", TorchFiles.Tensor("w", 3, 2)), ("model.fc.bias", TorchFiles.Tensor("b", 3)), ("model.conv1.weight", TorchFiles.Tensor("b2", 3)))));
        Assert.Contains("1 not of the network: conv1.weight [3]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state_dict")]
    [InlineData("model")]
    [InlineData("net")]
    [InlineData("model_state_dict")]
    [InlineData("ema")]
    [InlineData("weights of mine")]
    public void The_dictionary_that_holds_the_tensors_is_found(string name)
    {
        AssertLoaded(TorchFiles.Dict(("acc", "G@WF ff\0\0"), (name, State()), ("epoch", "K\xc7")));
        AssertLoaded(TorchFiles.Dict(("run", TorchFiles.Dict(("last", TorchFiles.Dict((name, State("module."))))))));
        AssertLoaded(TorchFiles.Dict((name, State())), key: name);
        AssertLoaded(TorchFiles.Dict((name, State("module.query."))), key: "module.query");
    }

    [Theory]
    [InlineData("model", 1)]
    [InlineData("ema", 10)]
    [InlineData("ema.module", 10)]
    public void Several_sets_are_named_and_one_is_chosen(string key, float first)
    {
        var instructions = TorchFiles.Dict(("model", State()), ("ema", State("module.", "2")), ("epoch", "K\x03"));
        var error = Assert.Throws<WeightsException>(() => Load(instructions));
        Assert.Contains("\"model\", \"ema.module\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Load(path, key: \"model\")", error.Message, StringComparison.Ordinal);
        AssertLoaded(instructions, key, first);
        // The same in one dictionary.
        AssertLoaded(TorchFiles.Dict(
            ("ema.module.fc.weight", TorchFiles.Tensor("w2", 3, 2)), ("ema.module.fc.bias", TorchFiles.Tensor("b2", 3)),
            ("model.fc.weight", TorchFiles.Tensor("w", 3, 2)), ("model.fc.bias", TorchFiles.Tensor("b", 3))), key, first);
        error = Assert.Throws<WeightsException>(() => Load(instructions, key: "emu"));
        Assert.Contains("under 'emu'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_without_prefix_is_chosen_by_an_empty_key()
    {
        var instructions = TorchFiles.Dict(("fc.weight", TorchFiles.Tensor("w", 3, 2)), ("fc.bias", TorchFiles.Tensor("b", 3)), ("ema", State("", "2")));
        Assert.Contains("\"\", \"ema\"", Assert.Throws<WeightsException>(() => Load(instructions)).Message, StringComparison.Ordinal);
        AssertLoaded(instructions, "");
        AssertLoaded(instructions, "ema", 10);
    }

    [Fact]
    public void A_set_of_another_shape_is_no_candidate()
    {
        var other = TorchFiles.Dict(("fc.weight", TorchFiles.Tensor("w2", 2, 3)), ("fc.bias", TorchFiles.Tensor("b2", 3)));
        AssertLoaded(TorchFiles.Dict(("teacher", other), ("student", State())));
    }

    [Fact]
    public void A_head_is_replaced_under_a_prefix_too()
    {
        var four = TorchFiles.Dict(("backbone.fc.weight", TorchFiles.Tensor("w", 2, 2)), ("backbone.fc.bias", TorchFiles.Tensor("b", 2)));
        Assert.Throws<WeightsException>(() => Load(four));
        using var network = Load(four, replaceHead: true);
        Assert.Equal(6, network.Parameters["fc.weight"].Read().Length);
    }

    [Fact]
    public void A_tensor_with_attributes_is_a_tensor()
    {
        var tensor = TorchFiles.Tensor("b", 3);
        var plain = tensor[(tensor.IndexOf("((", StringComparison.Ordinal))..^1];
        var typed = "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n" + plain + TorchFiles.Dict(("tag", "K\x01")) + "tR";
        AssertLoaded(TorchFiles.Dict(("fc.weight", TorchFiles.Tensor("w", 3, 2)), ("fc.bias", typed)));
    }

    [Theory]
    [InlineData("code/__torch__.py", CompressionLevel.Optimal)]
    [InlineData("code/__torch__.py", CompressionLevel.NoCompression)]
    [InlineData("constants.pkl", CompressionLevel.NoCompression)]
    public void TorchScript_is_named(string entry, CompressionLevel level)
    {
        var bytes = TorchFiles.Zip(TorchFiles.Pickle(Object("__torch__", "Net")), level, ("archive/" + entry, Encoding.ASCII.GetBytes(new string('#', 100))));
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(bytes, "net.pt"));
        Assert.StartsWith("net.pt: this is a TorchScript program", error.Message, StringComparison.Ordinal);
        Assert.Contains("torch.jit.load(file).state_dict()", error.Message, StringComparison.Ordinal);
    }
}
