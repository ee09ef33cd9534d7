using ResNet.Dsl;
using ResNet.Tests;

namespace ResNet.Runtime.Tests.Classification;

/// <summary>Every ninth of the sample photos, by the published ResNet-18.</summary>
public class PhotoProtocolTests
{
    // PyTorch's scores of the right class: the mean logit over the views, and the mean probability or, to save time, none. Pictures were resized by Pillow, and the dense
    // layer applied at every place.
    static readonly (TestProtocol Protocol, double[] Logits, double[] Probabilities, int Top1)[] _expected =
    [
        (TestProtocol.Flip, [6.2416, 11.0624, 17.7394, 9.1, 14.0396, 1.2728, 5.5342], [0.90933, 0.99307, 0.99226, 0.97665, 0.99999, 0.01879, 0.36254], 6),
        (TestProtocol.TenCrop, [5.2821, 7.4796, 15.8971, 5.3621, 11.9213, 2.0537, 4.6588], [0.9134, 0.84562, 0.96912, 0.67429, 0.99964, 0.1422, 0.26433], 6),
        (TestProtocol.MultiScale, [0.6594, 3.5735, 10.4053, 1.63, 5.1909, -1.0574, 2.8125], [], 6),
    ];

    public static TheoryData<string> Protocols => [.. _expected.Select(one => one.Protocol.Name)];

    [SharedDataTheory, MemberData(nameof(Protocols))]
    public void ScoresAreThoseOfPyTorch(string name)
    {
        var (protocol, logits, probabilities, top1) = _expected.Single(one => one.Protocol.Name == name);
        using var network = Network.Create(new ResNetAttribute { Depth = 18 }.Define("ResNet-18"));
        network.Load(SharedData.File("imagenet", "resnet18.safetensors"));
        using var ensemble = new Ensemble(network);
        var photos = File.ReadLines(SharedData.File("imagenet", "photos.csv")).Skip(1).Select(line => line.Split(',')).Where((_, index) => index % 9 == 0).ToList();
        var right = 0;
        foreach (var (index, photo) in photos.Index())
        {
            var image = Image.Load(SharedData.File("imagenet", "photos", photo[0]));
            var shown = int.Parse(photo[1], null);
            var scores = ensemble.Score([image], protocol)[0].ToArray();
            // A ten-thousandth of the greatest logits, which are between 10 and 23.
            Assert.Equal(logits[index], scores[shown], 1e-3);
            if (Prediction.Best(scores, Labels.ImageNet, 1)[0].Class == shown) right++;
            if (probabilities.Length == 0) continue;
            Assert.Equal(probabilities[index], Math.Exp(ensemble.Score([image], protocol with { Average = ScoreAverage.Probabilities })[0][shown]), 1e-3);
        }
        Assert.Equal(top1, right);
    }
}
