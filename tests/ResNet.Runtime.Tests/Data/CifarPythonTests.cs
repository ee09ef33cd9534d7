using System.Text;
using ResNet.Runtime.Data;

namespace ResNet.Runtime.Tests.Data;

public sealed class CifarPythonTests : IDisposable
{
    static readonly byte[] _two = [.. Enumerable.Range(0, 2 * 3072).Select(i => (byte)(i * 7 + i / 3072))];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(PickleStyle.Python2)]
    [InlineData(PickleStyle.Protocol2)]
    [InlineData(PickleStyle.Protocol4)]
    [InlineData(PickleStyle.Protocol5)]
    public void Batches_of_every_Python_hold_the_same_images(PickleStyle style)
    {
        _folder.Write("test_batch", PickleWriter.Batch(style, _two, [3, 9]));
        for (var batch = 1; batch <= 5; batch++)
            _folder.Write($"data_batch_{batch}", PickleWriter.Batch(style, _two, [batch, 0]));

        var test = CifarDataset.Open(_folder.Path, DatasetSplit.Test);
        var train = (CifarDataset)ImageDataset.Open(_folder.Path, DatasetSplit.Train, Labels.Cifar10);

        Assert.Equal((10, 2, 10), (test.Classes.Count, test.Count, train.Count));
        Assert.Equal([3, 9], [test.ClassOf(0), test.ClassOf(1)]);
        Assert.Equal([1, 0, 2, 0, 3, 0, 4, 0, 5, 0], Enumerable.Range(0, 10).Select(train.ClassOf));
        Assert.Equal(_two.AsSpan(3072), test.Planes(1));
        // Row 2, column 7 of the second image: the 71st value of each plane of 1024.
        Assert.Equal((_two[3072 + 71], _two[4096 + 71], _two[5120 + 71]), test.Load(1)[7, 2]);
        Assert.EndsWith("data_batch_3#1", train.NameOf(5), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PickleStyle.Python2)]
    [InlineData(PickleStyle.Protocol5)]
    public void Fine_labels_make_it_CIFAR_100(PickleStyle style)
    {
        _folder.Write("train", PickleWriter.Batch(style, _two, [99, 50], "fine_labels"));
        _folder.Write("test", PickleWriter.Batch(style, _two, [1, 2], "fine_labels"));

        var dataset = CifarDataset.Open(_folder.Path, DatasetSplit.Train);

        Assert.Equal((100, 99, 50), (dataset.Classes.Count, dataset.ClassOf(0), dataset.ClassOf(1)));
        Assert.Equal("CIFAR-100, train", dataset.Description);
    }

    [Theory]
    [InlineData(PickleStyle.Python2)]
    [InlineData(PickleStyle.Protocol2)]
    [InlineData(PickleStyle.Protocol5)]
    public void Names_of_classes_lie_beside_the_batches(PickleStyle style)
    {
        string[] fine = [.. Enumerable.Range(0, 100).Select(index => $"kind {index}")];
        _folder.Write("test", PickleWriter.Batch(style, _two, [99, 50], "fine_labels"));
        _folder.Write("meta", PickleWriter.Meta(style, "fine_label_names", fine));
        Assert.Equal(fine, ImageDataset.Open(_folder.Path, DatasetSplit.Test).Classes);
        var path = _folder.Write("meta", PickleWriter.Meta(style, "coarse_label_names", fine));
        Assert.Equal($"{path}: expected a dictionary with a list of names, fine_label_names, found none",
            Assert.Throws<DatasetException>(() => ImageDataset.Open(_folder.Path, DatasetSplit.Test)).Message);

        using var other = new TemporaryFolder();
        other.Write("test_batch", PickleWriter.Batch(style, _two, [3, 9]));
        Assert.Equal(Labels.Cifar10, ImageDataset.Open(other.Path, DatasetSplit.Test).Classes);
        other.Write("batches.meta", PickleWriter.Meta(style, "label_names", fine.Take(10)));
        Assert.Equal(fine.Take(10), ImageDataset.Open(other.Path, DatasetSplit.Test).Classes);
    }

    [Theory]
    [InlineData(PickleStyle.Python2)]
    [InlineData(PickleStyle.Protocol5)]
    public void Columns_may_come_first(PickleStyle style)
    {
        var columns = new byte[_two.Length];
        for (var i = 0; i < _two.Length; i++) columns[i % 3072 * 2 + i / 3072] = _two[i];

        var dataset = Open(PickleWriter.Batch(style, columns, [0, 1], fortran: true));

        Assert.Equal(_two.AsSpan(0, 3072), dataset.Planes(0));
        Assert.Equal(_two.AsSpan(3072), dataset.Planes(1));
    }

    [Fact]
    public void The_binary_version_comes_first_where_both_are()
    {
        _folder.Write("test_batch", [1]);
        _folder.Write("test_batch.bin", new byte[3073]);
        Assert.Equal(1, CifarDataset.Open(_folder.Path, DatasetSplit.Test).Count);
    }

    [Fact]
    public void A_missing_batch_is_named()
    {
        _folder.Write("test_batch", PickleWriter.Batch(PickleStyle.Python2, _two, [0, 1]));
        var error = Assert.Throws<DatasetException>(() => CifarDataset.Open(_folder.Path, DatasetSplit.Train));
        Assert.Equal($"{_folder.File("data_batch_1")}: there is no such file", error.Message);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0]), "expected data of 1 × 3072 bytes, as there are 1 labels, found 2 × 3072");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, 1], columns: 1024), "expected data of 2 × 3072 bytes, as there are 2 labels, found 6 × 1024");
        Refused(PickleWriter.Batch(PickleStyle.Python2, [], []), "expected data of 1 × 3072");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, 10]), "expected labels from 0 to 9, found 10 in record 1");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, -1]), "expected labels from 0 to 9, found -1 in record 1");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, 256], "fine_labels"), "expected labels from 0 to 99, found 256 in record 1");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, 1], "names"), "expected a list of labels or fine_labels, found the entries batch_label, names, data");
        Refused(PickleWriter.Batch(PickleStyle.Python2, _two, [0, 1], type: "f4"), "expected data, an array of bytes (u1), found an array of f4");
        Refused(Replace(PickleWriter.Batch(PickleStyle.Protocol4, _two, [0, 1]), "data", "dada"), "expected data, an array of bytes (u1), found none");
    }

    [Theory]
    [InlineData("cos\nsystem\nU\x06" + "reboot\x85R", "the file asks for os.system, which no array needs; refused.")]
    [InlineData("c__builtin__\neval\n", "asks for __builtin__.eval")]
    [InlineData("cnumpy.core.multiarray\nscalar\n", "asks for numpy.core.multiarray.scalar")]
    [InlineData("cnumpy\nload\n", "asks for numpy.load")]
    [InlineData("ccollections\nOrderedDict\n", "asks for collections.OrderedDict")]
    [InlineData("c_codecs\nencode\nX\x02\0\0\0\xc4\x80X\x06\0\0\0latin1\x86R", "Encode is called with other arguments")] // U+0100
    [InlineData("c_codecs\nencode\nX\x01\0\0\0aX\x05\0\0\0rot13\x86R", "Encode is called with other arguments")]
    [InlineData("cnumpy\nndarray\n)R", "Array is called with other arguments")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\ncnumpy\ndtype\nK\0\x85U\x01" + "b\x87R", "Reconstruct is called with other arguments")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01" + "b\x87R]b", "state")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01" + "b\x87R(K\x01]cnumpy\ndtype\nU\x02O8\x85R\x89]tb", "state")] // an array of objects
    [InlineData("U\x01xQ", "reference")]
    [InlineData("N", "expected a dictionary of data and labels, found none")]
    [InlineData("}", "expected a list of labels")]
    public void Hostile_pickles_are_refused(string instructions, string problem) =>
        Refused(Encoding.Latin1.GetBytes("\x80\x02" + instructions + "."), problem);

    [Fact]
    public void Copying_a_long_text_again_and_again_is_paid_for()
    {
        // A million characters, made bytes 200,000 times: 200 GB for a reader that does it.
        var prepare = "c_codecs\nencode\nq\x01X\x40\x42\x0f\0" + new string('a', 1_000_000) + "X\x06\0\0\0latin1\x86q\x02";
        Refused(Encoding.Latin1.GetBytes("\x80\x02" + prepare + string.Concat(Enumerable.Repeat("h\x01h\x02R0", 200_000)) + "."), "the pickle has more than 4194304 instructions");
    }

    [Fact]
    public void What_is_no_pickle_is_refused()
    {
        Refused([], "the pickle ends");
        Refused([1, 2, 3], "instruction 0x01");
        Refused("<html>not found</html>"u8.ToArray(), "damaged");
    }

    [Theory]
    [InlineData(PickleStyle.Python2)]
    [InlineData(PickleStyle.Protocol2)]
    [InlineData(PickleStyle.Protocol4)]
    [InlineData(PickleStyle.Protocol5)]
    public void Damage_is_read_or_refused_by_name(PickleStyle style)
    {
        var whole = PickleWriter.Batch(style, _two, [3, 9]);
        for (var length = 0; length < whole.Length; length += length < 400 || length > whole.Length - 200 ? 1 : 97)
            Refused(whole[..length], "");
        // Where the structure is, every bit: not within the pixels, where damage is another picture.
        var random = new Random(1);
        for (var trial = 0; trial < 2000; trial++)
        {
            var bytes = (byte[])whole.Clone();
            var at = random.Next(500);
            bytes[random.Next(2) == 0 ? at : bytes.Length - 1 - at] ^= (byte)(1 << random.Next(8));
            try
            {
                Assert.Equal(2, Open(bytes).Count);
            }
            catch (DatasetException e)
            {
                Assert.StartsWith(_folder.File("test_batch"), e.Message, StringComparison.Ordinal);
            }
        }
    }

    CifarDataset Open(byte[] pickle) => CifarDataset.Open(_folder.Write("test_batch", pickle), DatasetSplit.Test);

    void Refused(byte[] pickle, string problem)
    {
        var error = Assert.Throws<DatasetException>(() => Open(pickle));
        Assert.StartsWith($"{_folder.File("test_batch")}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    static byte[] Replace(byte[] bytes, string old, string replacement) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(old, replacement, StringComparison.Ordinal));
}
