using ResNet.Dsl;

namespace ResNet.Reference;

/// <summary>
/// Convolution (strictly: cross-correlation) and its two gradients. An output is the product of a row of weights with its
/// patch: the inputs of a group under the kernel, zero in the padding, in the order of the weights.
/// </summary>
sealed class Convolution(Conv2d conv, Shape input, Shape output)
{
    readonly int _inputsPerGroup = input.Channels / conv.Groups;
    readonly int _outputsPerGroup = output.Channels / conv.Groups;

    int PatchLength => _inputsPerGroup * conv.Kernel * conv.Kernel;

    int Positions => output.Height * output.Width;

    public Values Forward(Values x, double[] weight, double[]? bias)
    {
        var y = new Values(x.Batch, output);
        Parallel.For(0, x.Batch * conv.Groups, i =>
        {
            var (image, group) = Math.DivRem(i, conv.Groups);
            var patches = Patches(x, image, group);
            for (var to = group * _outputsPerGroup; to < (group + 1) * _outputsPerGroup; to++)
            {
                var plane = y.Plane(image, to);
                Rows.Multiply(Row(weight, to), patches, plane);
                foreach (ref var value in plane) value += bias?[to] ?? 0;
            }
        });
        return y;
    }

    public Values InputGradient(Values dy, double[] weight)
    {
        var dx = new Values(dy.Batch, input);
        Parallel.For(0, dy.Batch * conv.Groups, i =>
        {
            var (image, group) = Math.DivRem(i, conv.Groups);
            var (patches, gradients) = (new double[Positions * PatchLength], new double[_outputsPerGroup]);
            var weights = weight.AsSpan(group * _outputsPerGroup * PatchLength, _outputsPerGroup * PatchLength);
            for (var position = 0; position < Positions; position++)
            {
                for (var to = 0; to < _outputsPerGroup; to++) gradients[to] = dy.Plane(image, group * _outputsPerGroup + to)[position];
                Rows.AddScaled(gradients, weights, Row(patches, position));
            }
            VisitPatches(image, group, (inPatch, inImage) => dx.Data[inImage] += patches[inPatch]);
        });
        return dx;
    }

    public double[] WeightGradient(Values x, Values dy)
    {
        var gradient = new double[output.Channels * PatchLength];
        for (var image = 0; image < x.Batch; image++)
            for (var group = 0; group < conv.Groups; group++)
            {
                var (i, patches) = (image, Patches(x, image, group));
                Parallel.For(group * _outputsPerGroup, (group + 1) * _outputsPerGroup, to => Rows.AddScaled(dy.Plane(i, to), patches, Row(gradient, to)));
            }
        return gradient;
    }

    /// <summary>The patches of an image's output positions, one after another.</summary>
    double[] Patches(Values x, int image, int group)
    {
        var patches = new double[Positions * PatchLength];
        VisitPatches(image, group, (inPatch, inImage) => patches[inPatch] = x[inImage]);
        return patches;
    }

    /// <summary>Visits each value of an image's patches that lies inside the image, and the input that it is.</summary>
    void VisitPatches(int image, int group, Action<int, int> visit)
    {
        for (var i = 0; i < PatchLength; i++)
        {
            var (from, tap) = Math.DivRem(i, conv.Kernel * conv.Kernel);
            var (tapRow, tapColumn) = Math.DivRem(tap, conv.Kernel);
            var channel = image * input.Channels + group * _inputsPerGroup + from;
            for (var row = 0; row < output.Height; row++)
            {
                var y = row * conv.Stride - conv.Padding + tapRow * conv.Dilation;
                if (y < 0 || y >= input.Height) continue;
                for (var column = 0; column < output.Width; column++)
                {
                    var x = column * conv.Stride - conv.Padding + tapColumn * conv.Dilation;
                    if (x < 0 || x >= input.Width) continue;
                    visit((row * output.Width + column) * PatchLength + i, (channel * input.Height + y) * input.Width + x);
                }
            }
        }
    }

    /// <summary>The weights of an output channel, or the patch of an output position.</summary>
    Span<double> Row(double[] rows, int row) => rows.AsSpan(row * PatchLength, PatchLength);
}
