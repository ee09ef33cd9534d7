using System.Text.RegularExpressions;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>Messages and behavior of a device with too little memory.</summary>
public class MemoryTests
{
    [Fact]
    public void ALargeBatchIsRefusedWithTheLargestThatFits()
    {
        var backend = Backends.OpenInterpreter();
        using var device = new GpuDevice(new IlgpuBackend(backend));
        using var net = Nets.Create("Tiny", device);
        var logits = net.Predict(Nets.Images(net, 1)).Data.ToArray();
        var free = backend.FreeMemory;
        backend.MemoryLimit = backend.Allocated + (64 << 10);

        var message = Assert.Throws<GpuException>(() => net.Predict(Nets.Images(net, 500))).Message;
        Assert.Contains("A batch of 500 needs ", message, StringComparison.Ordinal);
        Assert.Contains(" are free", message, StringComparison.Ordinal);
        var fits = int.Parse(Regex.Match(message, "largest batch that fits is ([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(fits, 2, 499);
        Assert.Throws<GpuException>(() => net.Predict(Nets.Images(net, fits + 1)));
        // The device goes on with what fits.
        Assert.Equal(logits, net.Predict(Nets.Images(net, 1)).Data);
        Assert.True(free > 64 << 10);
    }

    [Fact]
    public void WhatIsDisposedOfIsFreed()
    {
        var backend = Backends.OpenInterpreter();
        using var device = new GpuDevice(new IlgpuBackend(backend));
        using (var net = Nets.Create("Tiny", device))
        {
            net.Predict(Nets.Images(net, 2));
            using var session = net.CreateTrainingSession();
            session.Run(Nets.Images(net, 2).Data, [0, 1]);
            Assert.True(backend.Allocated > 0);
        }
        Assert.Equal(0, backend.Allocated);
    }

    [Fact]
    public void ParametersThatDoNotFitAreRefused()
    {
        var backend = Backends.OpenInterpreter();
        using var device = new GpuDevice(new IlgpuBackend(backend));
        backend.MemoryLimit = 1 << 10;
        using var net = Nets.Create("Tiny", device);
        Assert.Contains("too little memory", Assert.Throws<GpuException>(() => net.Predict(Nets.Images(net, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<GpuException>(() => net.CreateTrainingSession());
        Assert.Equal(0, backend.Allocated);
    }
}
