using System.IO.Compression;
using System.Text;
using ResNet.Runtime.Weights.Python;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>Pickles that attack their reader. None may run anything, crash, hang or take unbounded memory.</summary>
public class HostilePickleTests
{
    const string OrderedDict = "ccollections\nOrderedDict\n";

    [Theory]
    [InlineData("cos\nsystem\n" + "U\x06" + "reboot\x85R", "os.system")]
    [InlineData("cposix\nsystem\n", "posix.system")]
    [InlineData("cbuiltins\neval\n", "builtins.eval")]
    [InlineData("c__builtin__\ngetattr\n", "__builtin__.getattr")]
    [InlineData("\x8c\x02os\x8c\x06system\x93", "os.system")]
    [InlineData("cnumpy.core.multiarray\nscalar\n", "numpy.core.multiarray.scalar")]
    [InlineData("ctorch.storage\n_load_from_bytes\n", "torch.storage._load_from_bytes")]
    [InlineData("ctorch.storage\n_TypedStorage\n", "torch.storage._TypedStorage")]
    public void Refuses_by_name(string instructions, string name)
    {
        var error = Open(TorchFiles.Pickle(instructions));
        Assert.Contains($"the file asks for {name}, which no weights need; refused", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i\x01", "0x69")] // INST, which only protocol 0 has
    [InlineData("\x82\x01", "0x82")] // an extension registry's code
    [InlineData("X\xff\xff\xff\xff", "longer than any")]
    [InlineData("\x8d\xff\xff\xff\xff\xff\xff\xff\xff", "longer than any")]
    [InlineData("B\xff\xff\xff\x7f", "more bytes")]
    [InlineData("\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "more bytes")]
    [InlineData("\x8b\xff\xff\xff\x7f", "more bytes")]
    [InlineData("\x8a\x09" + "123456789", "integer of 9 bytes")]
    [InlineData("\x80\x06", "protocols 2 to 5")]
    [InlineData("0", "stack is empty")]
    [InlineData("(0", "stack is empty")]
    [InlineData("N(\x85", "stack is empty")] // what lies under a mark is out of reach
    [InlineData("t", "mark is missing")]
    [InlineData("h\x07", "memo 7")]
    [InlineData("NNR", "cannot be")]
    [InlineData(OrderedDict + "K\x01\x85R", "other arguments")]
    [InlineData(OrderedDict + "](NNe\x85R", "other arguments")]
    [InlineData("NNb", "state")]
    [InlineData("NNa", "no list")]
    [InlineData("}Nu", "mark is missing")]
    [InlineData("}(Nu", "no dictionary")]
    [InlineData("NQ", "storage")]
    [InlineData("(N", "no state dict")]
    public void Refuses_what_PyTorch_never_writes(string instructions, string problem) =>
        Assert.Contains(problem, Open(TorchFiles.Pickle(instructions)).Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_costs_no_stack() => Open(TorchFiles.Pickle("}" + TorchFiles.Text("model") + new string(']', 200_000) + new string('a', 199_999) + "s"));

    [Fact]
    public void A_dictionary_that_contains_itself_ends() => Open(TorchFiles.Pickle("}q\x01\x8c\x05modelh\x01s"));

    [Fact]
    public void Doubling_lists_through_the_memo_costs_no_memory()
    {
        // Each list holds the previous one twice: 2^60 elements for a reader that walks them.
        var text = new StringBuilder("]q\0");
        for (var i = 1; i <= 60; i++)
            text.Append($"](h{(char)(i - 1)}h{(char)(i - 1)}eq{(char)i}");
        Open(TorchFiles.Pickle(text.ToString()));
    }

    [Fact]
    public void Copying_a_long_list_again_and_again_is_paid_for()
    {
        // A list of 100,000 pairs, made a dictionary a million times.
        var list = OrderedDict + "q\0](" + string.Concat(Enumerable.Repeat("](U\x01kNe", 100_000)) + "e\x85q\x02";
        var text = list + string.Concat(Enumerable.Repeat("h\0h\x02R", 1_000_000));
        Assert.Contains("the pickle has more than 4194304 instructions", Open(TorchFiles.Pickle(text)).Message, StringComparison.Ordinal);
    }

    /// <summary>A text of any length may be a key again and again, each time for a few bytes: to hash it would cost its length.</summary>
    [Fact]
    public void Nothing_is_filed_under_a_text_that_is_too_long_for_a_name()
    {
        var dictionary = new PickleDict();
        dictionary.Set(new string('a', PickleDict.MaxName), 1L);
        dictionary.Set(new string('b', PickleDict.MaxName + 1), 2L);
        dictionary.Set(new byte[PickleDict.MaxName + 1], 3L);
        Assert.Equal([1L], dictionary.Values);
    }

    [Fact]
    public void A_class_name_of_any_length_is_not_copied_again_and_again()
    {
        // A module's name of a million letters, combined with a class's through the memo.
        var text = "X" + "\x40\x42\x0f\0" + new string('m', 1_000_000) + "q\0" + TorchFiles.Text("C") + "q\u0001" + string.Concat(Enumerable.Repeat("h\0h\u0001\x93", 1_000_000));
        Assert.Contains("longer than any", Open(TorchFiles.Pickle(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_without_contents_cost_nothing()
    {
        var text = "cm\nC\nq\0" + string.Concat(Enumerable.Repeat("h\0)\x81}b0", 800_000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("the pickle has more than 4194304 instructions", Open(TorchFiles.Pickle(text)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 500L << 20);
    }

    [Fact]
    public void Dictionaries_are_followed_to_a_depth_and_no_further()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("}" + TorchFiles.Text("a"), depth)) + TorchFiles.Tensor("w") + new string('s', depth);
        (string, float[]) storage = ("w", [3]);
        using (var file = WeightFile.Open(TorchFiles.Zip(Nested(5), storage)))
            Assert.Equal([3], file["a"].ToArray());
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Zip(Nested(100_000), storage)));
        Assert.Contains("no state dict", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_tensors_of_one_name_are_refused()
    {
        var text = TorchFiles.Dict(("a.b", TorchFiles.Tensor("w")), ("a", TorchFiles.Dict(("b", TorchFiles.Tensor("w")))));
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Zip(text, ("w", [3]))));
        Assert.Equal(("a.b", true), (error.Tensor, error.Message.Contains("twice", StringComparison.Ordinal)));
    }

    [Fact]
    public void Refuses_compressed_entries_without_unpacking_them()
    {
        var error = OpenFile(TorchFiles.Zip(new byte[50_000_000], CompressionLevel.Optimal));
        Assert.Contains("'archive/data.pkl' is compressed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_archive_of_something_else()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("word/document.xml", CompressionLevel.NoCompression);
        Assert.Contains("holds no weights", OpenFile(stream.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_big_endian_storages() =>
        Assert.Contains("byte order", OpenFile(TorchFiles.Zip(TorchFiles.Pickle("}"), others: ("archive/byteorder", "big"u8.ToArray()))).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_storage_that_the_archive_lacks() =>
        Assert.Contains("storage '0' is missing", Open(TorchFiles.Pickle(TorchFiles.OneTensor("K\x01", "K\0", "K\x01\x85", "K\x01\x85"))).Message, StringComparison.Ordinal);

    static WeightsException Open(byte[] pickle) => OpenFile(TorchFiles.Zip(pickle));

    static WeightsException OpenFile(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("hostile.pth", bytes);
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(path));
        Assert.Equal(path, error.File);
        return error;
    }
}
