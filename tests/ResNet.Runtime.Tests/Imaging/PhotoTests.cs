using System.Runtime.InteropServices;
using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>Real photographs, and the network input that Pillow and torchvision make of them.</summary>
public class PhotoTests
{
    static readonly string[] _photos = [.. File.Exists(PhotoList) ? File.ReadLines(PhotoList).Skip(1).Select(line => line.Split(',')[0]) : []];

    static string PhotoList => SharedData.File("imagenet", "photos.csv");

    static Image Load(string photo) => Image.Load(SharedData.File("imagenet", "photos", photo));

    [SharedDataFact]
    public void Every_photo_is_decoded()
    {
        Assert.Equal(63, _photos.Length);
        foreach (var photo in _photos)
            Assert.InRange(Load(photo).Width, 100, 5000);
        foreach (var file in new[] { "chelsea.png", "china.jpg", "rocket.jpg" })
            Assert.InRange(Image.Load(SharedData.File("photos", file)).Width, 100, 5000);
    }

    [SharedDataFact]
    public void The_networks_input_equals_torchvisions()
    {
        // A .npy file: a header of text, whose length stands in bytes 8 and 9, then the values.
        var npy = File.ReadAllBytes(SharedData.File("imagenet", "input_first2_preprocessed.npy"));
        var expected = MemoryMarshal.Cast<byte, float>(npy.AsSpan(10 + BitConverter.ToUInt16(npy, 8)));
        var actual = new float[3 * 224 * 224];
        Load("n01440764_tench.JPEG").ResizeShorterSide(256).CenterCrop(224).CopyTo(actual, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

        // The file holds two images; the second one's photo is not among ours.
        Assert.Equal(2 * actual.Length, expected.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f);
    }
}
