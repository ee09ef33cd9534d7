namespace ResNet.Runtime.Data.Published;

/// <summary>The files as which a data set is downloaded.</summary>
/// <param name="Name">The data set's name, and that of its folder in the cache.</param>
/// <param name="Classes">The number of its classes.</param>
/// <param name="Address">The address of the files' folder; it ends in a slash.</param>
/// <param name="ArchiveFolder">The folder within the archive that is kept, or null where the files are no archive and are kept as they are.</param>
/// <param name="Files">Names and MD5 hashes.</param>
sealed record PublishedFiles(string Name, int Classes, Uri Address, string? ArchiveFolder, (string Name, string Md5)[] Files)
{
    // The hashes stand on https://www.cs.toronto.edu/~kriz/cifar.html, beside the binary versions.
    static readonly Uri _cifar = new("https://www.cs.toronto.edu/~kriz/");

    /// <summary>By name.</summary>
    public static OrderedDictionary<string, PublishedFiles> All { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cifar10"] = new("cifar10", 10, _cifar, "cifar-10-batches-bin", [("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")]),
        ["cifar100"] = new("cifar100", 100, _cifar, "cifar-100-binary", [("cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8")]),
        // Addresses and hashes are those that torchvision's datasets/mnist.py uses: the authors' own server closes at times.
        ["mnist"] = new("mnist", 10, new("https://ossci-datasets.s3.amazonaws.com/mnist/"), null,
        [
            ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
            ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
            ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
            ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
        ]),
        // The authors serve them without TLS; what arrives is checked all the same.
        ["fashion-mnist"] = new("fashion-mnist", 10, new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"), null,
        [
            ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
            ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
            ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
        ]),
    };
}
