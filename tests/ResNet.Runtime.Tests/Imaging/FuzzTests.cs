using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>Files damaged at random, the same way in each run, are decoded or refused: no other exception, no hang, no flood of memory.</summary>
public class FuzzTests
{
    const int Rounds = 4000;
    const long MaxBytesPerDecode = 64 << 20;

    [Theory]
    [InlineData("*.jpg")]
    [InlineData("p*.jpg")] // progressive alone
    [InlineData("*.png")]
    [InlineData("*.bmp")]
    public void Mutated_files_are_decoded_or_refused(string pattern)
    {
        var seeds = TestFiles.Names(pattern).Where(name => !name.EndsWith(".jpg.png", StringComparison.Ordinal)).Select(TestFiles.Bytes).ToList();
        if (pattern == "*.bmp")
            seeds.AddRange(RunLengthSeeds());
        var random = new Random(1234);
        int decoded = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var file = Mutate(seeds[round % seeds.Count], seeds[random.Next(seeds.Count)], random);
            if (pattern == "*.png" && round % 2 == 0)
                RepairChecksums(file);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Image.Decode(file);
                decoded++;
            }
            catch (ImageException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"Round {round}: {e}");
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytesPerDecode);
        }
        // Were all refused at the first byte, nothing would be tested.
        Assert.InRange(decoded, 1, Rounds - 1);
    }

    static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        var file = (byte[])seed.Clone();
        switch (random.Next(4))
        {
            case 0:
                return file[..random.Next(file.Length)];
            case 1:
                return [.. file[..random.Next(file.Length)], .. other[random.Next(other.Length)..]];
            case 2:
                for (int i = random.Next(1, 4); i > 0; i--)
                    file[random.Next(2, file.Length)] ^= (byte)(1 << random.Next(8));
                return file;
            default:
                // Headers are short and decide much.
                for (int i = random.Next(1, 6); i > 0; i--)
                    file[random.Next(2, Math.Min(file.Length, random.Next(2) == 0 ? 200 : 60))] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
                return file;
        }
    }

    /// <summary>Makes damaged chunks pass their checksums, so that what lies behind is reached.</summary>
    static void RepairChecksums(byte[] png)
    {
        for (int at = 8; at + 12 <= png.Length;)
        {
            uint length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
                return;
            var body = png.AsSpan(at + 4, 4 + (int)length);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), PngWriter.Crc(body));
            at += 12 + (int)length;
        }
    }

    static IEnumerable<byte[]> RunLengthSeeds()
    {
        var palette = new byte[64];
        new Random(5).NextBytes(palette);
        byte[] runs = [3, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 1, 2, 0, 2, 1, 1, 1, 3, 0, 1];
        yield return BmpWriter.Write(40, 4, 4, 8, 1, palette, runs, colors: 16);
        yield return BmpWriter.Write(40, 5, 4, 4, 2, palette, runs);
        yield return BmpWriter.Write(40, 2, 1, 16, 3, BmpWriter.Masks(0xF800, 0x07E0, 0x1F), [0x00, 0xF8, 0xE0, 0x07]);
    }
}
