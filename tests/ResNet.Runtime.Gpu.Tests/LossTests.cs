using ResNet.Dsl;
using ResNet.Reference;
using ResNet.Runtime.Tensors;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Every loss on a device, several at once, against the reference's in double precision.</summary>
public class LossTests
{
    const int Ignored = 255;

    /// <summary>Nothing in it decides, so that rounding changes no gradient by much.</summary>
    static NetworkDefinition Definition => new NetworkBuilder()
        .Input(3, 9, 7)
        .Conv(5, 3, padding: 1, bias: true).Sigmoid()
        .Branch("classes", b => b.GlobalAveragePool().Dense(6))
        .Branch("pixels", b => b.Conv(4, 1, bias: true))
        .Branch("marks", b => b.Conv(2, 3, stride: 2, bias: true).Scale())
        .Branch("boxes", b => b.Conv(3, 1, bias: true).Scale(4))
        .Branch("free", b => b.Conv(2, 1, bias: true))
        .Branch("unused", b => b.Conv(2, 1, bias: true))
        .Build("Losses");

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void LossesAndGradientsAgree(string device)
    {
        using var net = Nets.Randomized(Network.Create(Definition, TestDevices.Open(device)));
        using var session = net.CreateTrainingSession(new TrainingSessionOptions
        {
            Losses =
            {
                ["classes"] = new SoftmaxCrossEntropy { Weight = 0.5 },
                ["pixels"] = new SoftmaxCrossEntropy { IgnoredLabel = Ignored },
                ["marks"] = new SigmoidCrossEntropy { Weight = 2 },
                ["boxes"] = new SmoothL1 { Beta = 0.5 },
                ["free"] = new SuppliedGradient { Weight = 3 },
            },
        });
        // Where steps are recorded, the second of a size is; with other weights, or none, it is another.
        foreach (var (batch, weighted) in new[] { (2, false), (3, true), (2, true), (2, false), (3, false), (1, true) })
            AssertAgrees(net, session, batch, weighted);
    }

    /// <summary>Losses of vectors with a target for each class, beside those of the processor, which are PyTorch's; and what they count as right.</summary>
    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void TargetsOfEachClassAgreeWithTheProcessors(string device)
    {
        var definition = new NetworkBuilder().Input(3, 5, 4).Flatten().Dense(70).Build("Classes");
        foreach (var loss in new Loss[] { new SoftmaxCrossEntropy { Probabilities = true, LabelSmoothing = 0.1f, Weight = 0.5 }, new SigmoidCrossEntropy { Weight = 2 } })
        {
            using var net = Nets.Randomized(Network.Create(definition, TestDevices.Open(device)));
            using var onHost = Nets.Randomized(Network.Create(definition));
            var options = new TrainingSessionOptions { Losses = { ["output"] = loss } };
            using TrainingSession session = net.CreateTrainingSession(options), reference = onHost.CreateTrainingSession(options);
            foreach (var weighted in new[] { false, true })
            {
                var images = TrainingCases.Waves(net, 3);
                var values = Uniform(5, 3 * 70);
                // The right guess of one image at least, and ties, of which the first counts.
                var logits = onHost.Predict(new Tensor(images, 3, 3, 5, 4)).Data;
                values[logits.IndexOf(logits[..70].ToArray().Max())] = 1;
                values[140] = values[209] = 0.999f;
                var target = new Dictionary<string, LossTarget>
                {
                    ["output"] = new() { Values = values, Weights = weighted ? Uniform(6, loss is SoftmaxCrossEntropy ? 3 : 210) : default },
                };
                var (expected, found) = (reference.Run(images, target), session.Run(images, target));
                Assert.Equal(expected.Loss, found.Loss, 1e-5 * expected.Loss);
                Assert.Equal(expected.Correct, found.Correct);
                Nets.AssertClose(Nets.Doubles(reference.ReadGradients()), session.ReadGradients(), 1e-5, $"gradients of {loss}");
            }
        }
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void WhatHasNoWeightHasNoLossAndNoGradient(string device)
    {
        using var net = Nets.Randomized(Network.Create(Definition, TestDevices.Open(device)));
        using var session = net.CreateTrainingSession(new TrainingSessionOptions
        {
            Losses = { ["pixels"] = new SoftmaxCrossEntropy { IgnoredLabel = Ignored }, ["boxes"] = new SmoothL1() },
        });
        var result = session.Run(TrainingCases.Waves(net, 2), new Dictionary<string, LossTarget>
        {
            ["pixels"] = new() { Labels = Enumerable.Repeat(Ignored, 2 * 63).ToArray() },
            ["boxes"] = new() { Values = Uniform(1, 2 * 3 * 63), Weights = new float[2 * 3 * 63] },
        });
        Assert.Equal(0, result.Loss);
        Assert.All(session.ReadGradients().ToArray(), gradient => Assert.Equal(0, gradient));
    }

    static void AssertAgrees(Network net, TrainingSession session, int batch, bool weighted)
    {
        var seed = (ulong)(10 * batch + (weighted ? 1 : 0));
        var images = TrainingCases.Waves(net, batch);
        int[] classes = [.. Enumerable.Range(0, batch).Select(i => 5 * i % 6)];
        int[] pixels = [.. Uniform(seed, batch * 63).Select(value => value < 0.25f && weighted ? Ignored : (int)(4 * value))];
        var (ofClasses, ofPixels) = (Weights(seed + 1, batch), Weights(seed + 2, batch * 63));
        var (marks, ofMarks) = (Uniform(seed + 3, batch * 2 * 12), Weights(seed + 4, batch * 2 * 12));
        var (boxes, ofBoxes) = (Uniform(seed + 5, batch * 3 * 63), Weights(seed + 6, batch * 3 * 63));
        var free = Uniform(seed + 7, batch * 2 * 63);

        var expected = new ReferenceInterpreter(net.Parameters).Train(images, new Dictionary<string, ReferenceLoss>
        {
            ["classes"] = Times(0.5, ReferenceLosses.SoftmaxCrossEntropy(classes, Doubles(ofClasses))),
            ["pixels"] = ReferenceLosses.SoftmaxCrossEntropy(pixels, Doubles(ofPixels), Ignored),
            ["marks"] = Times(2, ReferenceLosses.SigmoidCrossEntropy(Doubles(marks)!, Doubles(ofMarks))),
            ["boxes"] = ReferenceLosses.SmoothL1(Doubles(boxes)!, Doubles(ofBoxes), beta: 0.5),
            ["free"] = Times(3, ReferenceLosses.Supplied(Doubles(free)!)),
        });
        var result = session.Run(images, new Dictionary<string, LossTarget>
        {
            ["classes"] = new() { Labels = classes, Weights = ofClasses },
            ["pixels"] = new() { Labels = pixels, Weights = ofPixels },
            ["marks"] = new() { Values = marks, Weights = ofMarks },
            ["boxes"] = new() { Values = boxes, Weights = ofBoxes },
            ["free"] = new() { Values = free },
        });

        Assert.Equal(expected.Loss, result.Loss, 1e-5 * expected.Loss);
        foreach (var (name, factor) in new[] { ("classes", 0.5), ("pixels", 1), ("marks", 2), ("boxes", 1), ("free", 3) })
            Assert.Equal(expected.Losses[name], factor * session.Losses[name], 1e-5 * Math.Abs(expected.Losses[name]));
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.IsTrained))
            Nets.AssertClose(expected.Gradients[tensor.Name], session.ReadGradients().Slice(tensor.Offset, tensor.Length), 1e-4, $"gradient of {tensor.Name}");

        // A third of them is zero.
        float[] Weights(ulong from, int count) => weighted ? [.. Uniform(from, count).Select(value => value < 0.33f ? 0 : value)] : [];
    }

    static float[] Uniform(ulong seed, int count)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Uniform(i))];
    }

    /// <summary>Null for none.</summary>
    static double[]? Doubles(float[] values) => values.Length == 0 ? null : Nets.Doubles(values);

    static ReferenceLoss Times(double factor, ReferenceLoss loss) => output =>
    {
        var (value, gradient) = loss(output);
        return (factor * value, gradient.Map(i => factor * gradient[i]));
    };
}
