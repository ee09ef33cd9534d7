using System.Runtime.InteropServices;

namespace ResNet.Runtime.Tests.Formats;

/// <summary>The types of stored numbers, in all of their bits, against what the standards say that the bits mean.</summary>
public class WeightTypeTests
{
    [Theory]
    [InlineData("F16", 5, 10, true)]
    [InlineData("BF16", 8, 7, true)]
    [InlineData("F8_E5M2", 5, 2, true)]
    [InlineData("F8_E4M3", 4, 3, false)]
    public void Every_pattern_of_bits_is_read_exactly(string type, int exponentBits, int mantissaBits, bool hasInfinity)
    {
        var bits = 1 + exponentBits + mantissaBits;
        var patterns = Enumerable.Range(0, 1 << bits).ToArray();
        var bytes = patterns.SelectMany(pattern => bits == 8 ? [(byte)pattern] : BitConverter.GetBytes((ushort)pattern)).ToArray();
        using var file = WeightFile.Open(SafeTensorsTests.File($$$"""{"w":{"dtype":"{{{type}}}","shape":[{{{patterns.Length}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes));
        var expected = Array.ConvertAll(patterns, pattern => Meaning(pattern, exponentBits, mantissaBits, hasInfinity));
        Assert.Equal(Array.ConvertAll(expected, value => BitConverter.SingleToInt32Bits((float)value) & (double.IsNaN(value) ? 0x7F800000 : -1)),
            Array.ConvertAll(file["w"].ToArray(), value => BitConverter.SingleToInt32Bits(value) & (float.IsNaN(value) ? 0x7F800000 : -1)));

        // What is representable is not rounded, whichever wider type it passes through.
        foreach (var wide in new[] { WeightType.Float32, exponentBits == 8 ? WeightType.BFloat16 : WeightType.Float16 })
        {
            var there = file["w"].ConvertTo(wide).ToArray();
            for (var i = 0; i < there.Length; i++) Assert.True(there[i].Equals((float)expected[i]), $"{i}: {expected[i]}");
        }
    }

    /// <summary>The values by IEEE 754-2019, section 3.4; without infinities, the greatest exponent is one like the others but for the greatest mantissa (OCP 8-bit Floating Point Specification, section 5).</summary>
    static double Meaning(int pattern, int exponentBits, int mantissaBits, bool hasInfinity)
    {
        var (sign, exponent, mantissa) = ((pattern >> (exponentBits + mantissaBits)) == 0 ? 1.0 : -1.0, (pattern >> mantissaBits) & ((1 << exponentBits) - 1), pattern & ((1 << mantissaBits) - 1));
        var bias = (1 << (exponentBits - 1)) - 1;
        if (exponent == (1 << exponentBits) - 1)
        {
            if (hasInfinity) return mantissa == 0 ? sign * double.PositiveInfinity : double.NaN;
            if (mantissa == (1 << mantissaBits) - 1) return double.NaN;
        }
        return exponent == 0
            ? sign * mantissa * Math.Pow(2, 1 - bias - mantissaBits)
            : sign * (1 + mantissa * Math.Pow(2, -mantissaBits)) * Math.Pow(2, exponent - bias);
    }

    /// <summary>
    /// Between each two neighbours of the type: the middle goes to the one whose last bit is zero, and what lies beside the middle to the
    /// nearer one, however near the middle it lies in a double.
    /// </summary>
    [Theory]
    [InlineData(WeightType.Float16, 5, 10)]
    [InlineData(WeightType.BFloat16, 8, 7)]
    public void Numbers_between_two_are_rounded_to_the_nearest_and_to_even(WeightType type, int exponentBits, int mantissaBits)
    {
        var last = ((1 << exponentBits) - 1 << mantissaBits) - 1;
        var (values, expected) = (new List<double>(), new List<int>());
        for (var pattern = 0; pattern < last; pattern++)
        {
            double low = Meaning(pattern, exponentBits, mantissaBits, true), high = Meaning(pattern + 1, exponentBits, mantissaBits, true), middle = (low + high) / 2;
            Add(Math.BitDecrement(middle), pattern);
            Add(middle, pattern % 2 == 0 ? pattern : pattern + 1);
            Add(Math.BitIncrement(middle), pattern + 1);
        }

        var ofDoubles = Convert("F64", MemoryMarshal.AsBytes<double>(values.ToArray()).ToArray(), values.Count);
        Assert.Equal(expected, ofDoubles);
        // The middle is a single itself, but not its neighbours among the doubles.
        var middles = Enumerable.Range(0, values.Count / 6).Select(i => 6 * i + (i % 2 == 0 ? 2 : 3)).ToArray();
        var singles = Array.ConvertAll(middles, i => (float)values[i]);
        Assert.Equal(middles.Select(i => expected[i]), Convert("F32", MemoryMarshal.AsBytes<float>(singles).ToArray(), singles.Length));

        void Add(double value, int pattern)
        {
            values.AddRange([value, -value]);
            expected.AddRange([pattern, pattern | 1 << (exponentBits + mantissaBits)]);
        }

        int[] Convert(string from, byte[] bytes, int count)
        {
            using var file = WeightFile.Open(SafeTensorsTests.File($$$"""{"w":{"dtype":"{{{from}}}","shape":[{{{count}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes));
            using var stream = new MemoryStream();
            WeightFile.Save(stream, [file["w"].ConvertTo(type)]);
            var saved = stream.ToArray();
            return [.. Enumerable.Range(0, count).Select(i => (int)BitConverter.ToUInt16(saved, saved.Length - 2 * count + 2 * i))];
        }
    }

    [Theory]
    [InlineData(WeightType.Float16, 65519.99, 65520)]
    [InlineData(WeightType.BFloat16, 3.39e38, 3.4e38)]
    public void A_finite_number_stays_finite_or_is_refused(WeightType type, double within, double beyond)
    {
        Assert.True(float.IsFinite(Tensor(within).ConvertTo(type).ToArray()[0]));
        var error = Assert.Throws<WeightsException>(() => Tensor(beyond).ConvertTo(type));
        Assert.Equal("w", error.Tensor);
        Assert.Contains($"is beyond the range of {type}", error.Message, StringComparison.Ordinal);
        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, float.NaN], Tensor(double.PositiveInfinity, double.NegativeInfinity, double.NaN).ConvertTo(type).ToArray());
        Assert.Equal([0f, -0f], Tensor(1e-300, -1e-300).ConvertTo(type).ToArray());
    }

    [Fact]
    public void What_is_no_floating_point_keeps_its_type_and_no_other_types_are_written()
    {
        using var file = WeightFile.Open(TorchFiles.Path("zip.pth"));
        foreach (var name in new[] { "long", "int", "short", "char", "byte", "bool" }) Assert.Same(file[name], file[name].ConvertTo(WeightType.Float16));
        Assert.Same(file["half"], file["half"].ConvertTo(WeightType.Float16));
        Assert.Equal(file["transposed"].ToArray(), file["transposed"].ConvertTo(WeightType.BFloat16).ToArray());
        Assert.Throws<ArgumentException>(() => file["float"].ConvertTo(WeightType.Float8E4M3));
        Assert.Throws<ArgumentException>(() => file["float"].ConvertTo(WeightType.Int32));
        Assert.Contains("is beyond the range", Assert.Throws<WeightsException>(() => Tensor(1e300).ConvertTo(WeightType.Float32)).Message, StringComparison.Ordinal);
    }

    /// <summary>PyTorch has no classes of storages for eight bits: it stores bytes, and names the type beside the sizes.</summary>
    [Theory]
    [InlineData("float8_e4m3fn", WeightType.Float8E4M3, new float[] { 1, -448, 0.001953125f })]
    [InlineData("float8_e5m2", WeightType.Float8E5M2, new float[] { 0.0078125f, float.NaN, 0.0000152587890625f })]
    public void Reads_eight_bits_as_PyTorch_stores_them(string name, WeightType type, float[] expected)
    {
        byte[] stored = [99, 0x38, type == WeightType.Float8E4M3 ? (byte)0xFE : (byte)0xFE, 0x01];
        if (type == WeightType.Float8E5M2) stored[1] = 0x20;
        var instructions = "}" + TorchFiles.Text("w") + "ctorch._utils\n_rebuild_tensor_v3\n((" + TorchFiles.Text("storage") + "ctorch.storage\nUntypedStorage\n" + TorchFiles.Text("0") + TorchFiles.Text("cpu")
            + "K\u0004tQK\u0001K\u0003\x85K\u0001\x85\x89}ctorch\n" + name + "\ntRs";
        using var file = WeightFile.Open(TorchFiles.Zip(TorchFiles.Pickle(instructions), others: ("archive/data/0", stored)), "f8.pth");
        Assert.Equal(type, file["w"].Type);
        Assert.Equal(expected, file["w"].ToArray());
        // A tensor of a type that is not read is no tensor, and one that leaves its bytes is refused.
        Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Zip(TorchFiles.Pickle(instructions.Replace(name, "uint16", StringComparison.Ordinal)), others: ("archive/data/0", stored))));
        var error = Assert.Throws<WeightsException>(() => WeightFile.Open(TorchFiles.Zip(TorchFiles.Pickle(instructions.Replace("K\u0003\x85", "K\u0004\x85", StringComparison.Ordinal)), others: ("archive/data/0", stored))));
        Assert.Contains("beyond its storage", error.Message, StringComparison.Ordinal);
    }

    static WeightTensor Tensor(params double[] values)
    {
        var bytes = MemoryMarshal.AsBytes<double>(values).ToArray();
        return WeightFile.Open(SafeTensorsTests.File($$$"""{"w":{"dtype":"F64","shape":[{{{values.Length}}}],"data_offsets":[0,{{{bytes.Length}}}]}}""", bytes))["w"];
    }
}
