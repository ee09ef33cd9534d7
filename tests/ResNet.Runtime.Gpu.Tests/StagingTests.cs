using System.Runtime.InteropServices;
using ResNet.Runtime.Data;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Optimizers;
using ResNet.Runtime.Tests.Networks;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Batches that are sent while the one before is computed are computed like others.</summary>
public class StagingTests
{
    /// <summary>Larger ones come while smaller ones are computed, and smaller ones find the remains of larger ones.</summary>
    static readonly int[] _sizes = [2, 3, 1, 3, 3, 2];

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void TrainingHasTheSameBits(string device)
    {
        using var net = Nets.Create("Tiny", TestDevices.Open(device));
        var batches = _sizes.Select((size, i) => Batch(net, size, i)).ToList();
        var expected = new List<float>();
        using (var session = net.CreateTrainingSession(seed: 3))
            foreach (var batch in batches)
                expected.AddRange([(float)session.Run(batch.Images.Span, batch.Labels.Span).Loss, .. session.ReadGradients()]);

        var actual = new List<float>();
        using var sending = net.CreateTrainingSession(seed: 3);
        IGradientSource source = sending;
        var next = source.Prepare(Batch(net, _sizes[0], 0));
        for (var i = 0; i < _sizes.Length; i++)
        {
            var (present, calls) = (next, 0);
            var loss = source.Run(present, () =>
            {
                calls++;
                if (i + 1 == _sizes.Length) return;
                // What is sent is overwritten at once: it has been read.
                var sent = Batch(net, _sizes[i + 1], i + 1);
                next = source.Prepare(sent);
                MemoryMarshal.AsMemory(sent.Images).Span.Fill(float.NaN);
                MemoryMarshal.AsMemory(sent.Labels).Span.Fill(-1);
            }).Loss;
            Assert.Equal(1, calls);
            // Who asks what a step was computed from still finds it.
            Assert.Equal(batches[i].Images.ToArray(), present.Images.ToArray());
            Assert.Equal(batches[i].Labels.ToArray(), present.Labels.ToArray());
            actual.AddRange([(float)loss, .. source.Gradients]);
        }
        Assert.Equal(expected, actual);
    }

    [Theory, OnDevice("interpreter"), OnDevice("OpenCL"), OnDevice("CUDA")]
    public void InferenceHasTheSameBits(string device)
    {
        using var net = Nets.Create("Tiny", TestDevices.Open(device));
        var batches = _sizes.Select((size, i) => Batch(net, size, i).Images).ToList();
        using var session = net.CreateSession();
        using var sending = net.CreateSession();
        var (expected, actual) = (new List<float>(), new List<float>());
        for (var i = 0; i < _sizes.Length; i++)
        {
            var logits = new float[_sizes[i] * 5];
            session.Predict(batches[i].Span, _sizes[i], logits);
            expected.AddRange(logits);
        }
        var next = sending.Prepare(batches[0], _sizes[0]);
        for (var i = 0; i < _sizes.Length; i++)
        {
            var logits = new float[_sizes[i] * 5];
            sending.Predict(next.Span, _sizes[i], logits, () =>
            {
                if (i + 1 < _sizes.Length) next = sending.Prepare(batches[i + 1], _sizes[i + 1]);
            });
            actual.AddRange(logits);
        }
        Assert.Equal(expected, actual);
    }

    static TrainingBatch Batch(Network net, int size, int number)
    {
        var images = TrainingCases.Waves(net, size);
        for (var i = 0; i < images.Length; i++) images[i] *= 1 + number;
        var labels = TrainingCases.Labels(net, size);
        for (var i = 0; i < labels.Length; i++) labels[i] = (labels[i] + number) % 5;
        return new(images, labels);
    }
}
