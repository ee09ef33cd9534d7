using System.Buffers.Binary;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Files that PyTorch 1.13 wrote, against the formulas in Files/make.py.</summary>
public class PyTorchTests
{
    static readonly float[] _ramp = [.. Enumerable.Range(0, 24).Select(i => i / 8f - 1)];
    static readonly float[] _steps = [-3, -2, -1, 0, 1, 2];

    public static TheoryData<string> Files => ["zip.pth", "legacy.pth", "zip-protocol3.pth", "zip-protocol4.pth", "zip-protocol5.pth"];

    [Theory, MemberData(nameof(Files))]
    public void Reads_every_type_and_layout(string name)
    {
        using var file = WeightFile.Open(TorchFiles.Path(name));

        Check("float", WeightType.Float32, [2, 3, 4], _ramp);
        Check("double", WeightType.Float64, [24], _ramp);
        Check("half", WeightType.Float16, [24], _ramp);
        Check("bfloat16", WeightType.BFloat16, [24], _ramp);
        Check("long", WeightType.Int64, [6], _steps);
        Check("int", WeightType.Int32, [6], _steps);
        Check("short", WeightType.Int16, [6], _steps);
        Check("char", WeightType.Int8, [6], _steps);
        Check("byte", WeightType.UInt8, [6], [250, 251, 252, 253, 254, 255]);
        Check("bool", WeightType.Bool, [3], [1, 0, 1]);
        var transposed = Enumerable.Range(0, 24).Select(i => i % 4 * 6 + i / 4).ToArray();
        Check("transposed", WeightType.Float32, [6, 4], [.. transposed.Select(i => _ramp[i])]);
        Check("transposed.double", WeightType.Float64, [6, 4], [.. transposed.Select(i => _ramp[i])]);
        Check("transposed.half", WeightType.Float16, [6, 4], [.. transposed.Select(i => _ramp[i])]);
        Check("transposed.byte", WeightType.UInt8, [6, 4], [.. transposed.Select(i => (float)i)]);
        Check("channels_last", WeightType.Float32, [1, 2, 3, 4], _ramp);
        Check("column", WeightType.Float32, [4], [_ramp[2], _ramp[8], _ramp[14], _ramp[20]]);
        Check("tail", WeightType.Float32, [4], _ramp[20..]);
        Check("expanded", WeightType.Float32, [3], [5, 5, 5]);
        Check("scalar", WeightType.Float32, [], [2.5f]);
        Check("empty", WeightType.Float32, [0, 3], []);
        Check("parameter", WeightType.Float32, [2], _ramp[..2]);
        Assert.Equal(21, file.Tensors.Count);
        Assert.Equal("float", file.Tensors[0].Name);

        void Check(string tensor, WeightType type, int[] shape, float[] values)
        {
            Assert.Equal(type, file[tensor].Type);
            Assert.Equal(shape, file[tensor].Shape);
            Assert.Equal(values, file[tensor].ToArray());
        }
    }

    [Fact]
    public void A_view_begins_where_its_offset_says()
    {
        using var file = WeightFile.Open(TorchFiles.Path("zip.pth"));
        Assert.Equal(_ramp[20..], file["tail"].ToArray());
    }

    [Fact]
    public void Finds_the_state_dict_of_a_training_checkpoint()
    {
        using var file = WeightFile.Open(TorchFiles.Path("checkpoint.pth"));
        Assert.Equal(7, file.Tensors.Count);
        Assert.All(file.Tensors, tensor => Assert.StartsWith("module.", tensor.Name, StringComparison.Ordinal));
        Assert.Equal(["conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var"], file.StateDict.Keys);
        Assert.Equal([2, 1, 1, 1], file.StateDict["conv.weight"].Shape.ToArray());
    }

    [Fact]
    public void Refuses_a_whole_model_by_the_name_of_its_class()
    {
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Path("module.pth")));
        Assert.Contains("torch.nn.modules.container.Sequential", error.Message, StringComparison.Ordinal);
        Assert.Contains("state_dict()", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("module.pth", error.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_a_file_without_weights_holds_instead()
    {
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Path("no-weights.pth")));
        Assert.Contains("no state dict", error.Message, StringComparison.Ordinal);
        Assert.Contains("epoch, lr", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("K\x04", "K\x00", "K\x02\x85", "K\x02\x85", null)] // elements 0 and 2
    [InlineData("K\x04", "K\x03", "K\x01\x85", "K\x09\x85", null)] // a dimension of one is never stepped
    [InlineData("K\x04", "K\x01", "K\x02\x85", "K\x03\x85", "beyond its storage")] // elements 1 and 4
    [InlineData("K\x04", "J\xff\xff\xff\xff", "K\x01\x85", "K\x01\x85", "layout")]
    [InlineData("K\x04", "K\x00", "J\xff\xff\xff\xff\x85", "K\x01\x85", "layout")]
    [InlineData("K\x04", "K\x03", "K\x02\x85", "J\xff\xff\xff\xff\x85", "layout")]
    [InlineData("K\x04", "K\x00", "K\x02\x85", ")", "other arguments")]
    [InlineData("K\x04", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "K\x02\x85", "K\x01\x85", "beyond its storage")]
    [InlineData("K\x04", "K\x00", "K\x04\x85", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f\x85", "beyond its storage")]
    [InlineData("K\x05", "K\x00", "K\x05\x85", "K\x01\x85", "cut short")]
    [InlineData("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", "K\x00", "K\x01\x85", "K\x01\x85", "damaged")]
    [InlineData("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x0f", "K\x00", "K\x01\x85", "K\x01\x85", "cut short")]
    public void Checks_a_tensor_against_its_storage(string elements, string offset, string size, string stride, string? problem)
    {
        using var folder = new TemporaryFolder();
        var data = new byte[16];
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i);
        var pickle = TorchFiles.Pickle(TorchFiles.OneTensor(elements, offset, size, stride));
        var path = folder.Write("w.pth", TorchFiles.Zip(pickle, others: ("archive/data/0", data)));

        if (problem is null)
        {
            using var file = WeightFile.Open(path);
            float[] expected = offset == "K\x03" ? [3] : [0, 2];
            Assert.Equal(expected, file["w"].ToArray());
        }
        else
            Assert.Contains(problem, Assert.Throws<WeightsException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
    }

    /// <summary>A protocol is no more than a byte, from 4 on with a frame, before instructions that all of them have.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Legacy_files_are_read_in_every_protocol(byte protocol)
    {
        var legacy = File.ReadAllBytes(TorchFiles.Path("legacy.pth"));
        byte[] start = protocol < 4 ? [0x80, protocol] : [0x80, protocol, 0x95, 13, 0, 0, 0, 0, 0, 0, 0];
        byte[] other = [.. start, .. legacy[2..]];
        using var expected = WeightFile.Open(legacy);
        using var actual = WeightFile.Open(other);
        Assert.Equal(expected.Tensors.Select(tensor => tensor.Name), actual.Tensors.Select(tensor => tensor.Name));
        Assert.All(expected.Tensors.Zip(actual.Tensors), pair => Assert.Equal(pair.First.ToArray(), pair.Second.ToArray()));
    }
}
