using System.Runtime.InteropServices;
using ResNet.Runtime;

namespace ResNet.Tests.Imaging;

/// <summary>Real photographs, and the network input that Pillow and torchvision make of them.</summary>
public class PhotoTests
{
    static readonly string[] Photos = [.. File.Exists(PhotoList) ? File.ReadLines(PhotoList).Skip(1).Select(line => line.Split(',')[0]) : []];

    static string PhotoList => SharedData.File("imagenet", "photos.csv");

    static Image Load(string photo) => Image.Load(SharedData.File("imagenet", "photos", photo));

    [SharedDataFact]
    public void Every_photo_is_decoded()
    {
        Assert.Equal(63, Photos.Length);
        foreach (var photo in Photos)
            Assert.InRange(Load(photo).Width, 100, 5000);
        foreach (var file in Directory.EnumerateFiles(SharedData.File("photos")).Where(file => Path.GetExtension(file) is ".jpg" or ".png"))
            Assert.InRange(Image.Load(file).Width, 100, 5000);
    }

    [SharedDataFact]
    public void The_networks_input_equals_torchvisions()
    {
        // A .npy file: a header of text, whose length stands in bytes 8 and 9, then the values.
        var npy = File.ReadAllBytes(SharedData.File("imagenet", "input_first2_preprocessed.npy"));
        var expected = MemoryMarshal.Cast<byte, float>(npy.AsSpan(10 + BitConverter.ToUInt16(npy, 8)));
        const int length = 3 * 224 * 224;
        Assert.Equal(2 * length, expected.Length);
        var actual = new float[length];
        for (int photo = 0; photo < 2; photo++)
        {
            Load(Photos[photo]).ResizeShorterSide(256).CenterCrop(224).CopyTo(actual, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);
            double max = 0, sum = 0;
            for (int i = 0; i < length; i++)
            {
                double difference = Math.Abs(actual[i] - expected[photo * length + i]);
                max = Math.Max(max, difference);
                sum += difference;
            }
            Assert.InRange(max, 0, 2 / 255.0 / 0.225);
            Assert.InRange(sum / length, 0, 1e-3);
        }
    }
}
