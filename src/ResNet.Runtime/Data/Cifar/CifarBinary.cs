namespace ResNet.Runtime.Data.Cifar;

/// <summary>
/// The binary version: per image one label byte (of CIFAR-100 two: coarse, then fine; the fine one counts), then 32 × 32 red,
/// green and blue bytes, plane after plane.
/// </summary>
static class CifarBinary
{
    public static CifarFile Read(string path, byte[] content)
    {
        var labelBytes = LabelBytes(path, content.Length);
        var recordBytes = labelBytes + CifarFile.ImageBytes;
        var labels = new byte[content.Length / recordBytes];
        for (var i = 0; i < labels.Length; i++) labels[i] = content[i * recordBytes + labelBytes - 1];
        return new(path, labelBytes == 1 ? 10 : 100, content, labelBytes, recordBytes, labels);
    }

    static int LabelBytes(string path, int length)
    {
        const int record10 = 1 + CifarFile.ImageBytes, record100 = 2 + CifarFile.ImageBytes;
        var fits10 = length % record10 == 0;
        var fits100 = length % record100 == 0;
        if (length == 0 || !fits10 && !fits100)
            throw new DatasetException($"{path}: expected a multiple of {record10} bytes (CIFAR-10) or of {record100} bytes (CIFAR-100), found {length} bytes");
        // A length that fits both is decided by the names that CIFAR-100's archive has.
        var isNamed100 = Path.GetFileName(path).ToUpperInvariant() is "TRAIN.BIN" or "TEST.BIN";
        return fits100 && (!fits10 || isNamed100) ? 2 : 1;
    }
}
