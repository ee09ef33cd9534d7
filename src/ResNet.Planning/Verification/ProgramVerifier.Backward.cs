using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Verification;

sealed partial class ProgramVerifier
{
    void Visit(BackwardCall call, Iteration at)
    {
        if (!_trains) throw Error(call, null, null, "a forward pass has no such operation");
        switch (call.Operation)
        {
            case BackwardOperation.ConvBackward:
                BackThrough(call, at, layer => layer is Conv2d);
                break;
            case BackwardOperation.DenseBackward:
                BackThrough(call, at, layer => layer is Dense);
                break;
            case BackwardOperation.TransformBackward:
                BackThrough(call, at, IsTransform);
                break;
            case BackwardOperation.NormBackward:
                if (call.Rectified is not null) Mask(call, at);
                BackThrough(call, at, IsNorm);
                break;
            case BackwardOperation.ReluBackward:
                Mask(call, at);
                break;
            case BackwardOperation.Multiply:
                Multiply(call, at);
                break;
            case BackwardOperation.Pass:
                CheckApart(call.Gradient, call.To, call, at);
                Contribute(call, Read(call.Gradient, call, at, isGradient: true), at);
                break;
            default:
                throw new NotSupportedException($"The verifier does not know {call.Operation}");
        }
    }

    /// <summary>Sets a gradient to zero where a ReLU did so with the value.</summary>
    void Mask(BackwardCall call, Iteration at)
    {
        var rectified = Read(call.Rectified, call, at);
        if (!_graph.IsRectified(rectified.Form))
            throw Error(call, LayerOrNull(call, at), _slots.NumberOf(call.Rectified!.Value, at), "it does not hold the result of a ReLU");
        var gradient = Read(call.Gradient, call, at, isGradient: true);
        if (gradient.Shape != rectified.Shape)
            throw Error(call, LayerOrNull(call, at), _slots.NumberOf(call.Gradient, at), $"a gradient of {gradient.Shape} is masked by {rectified.Shape}");
        Write(call.Gradient, gradient with { Gradient = unchecked(gradient.Gradient * LiteralGraph.FactorOfRelu(rectified.Form)) }, call, at);
    }

    void BackThrough(BackwardCall call, Iteration at, Func<Layer, bool> isExpected)
    {
        var index = LayerOf(call.Layer, isExpected, call, at);
        var (layer, input, output) = _graph.Layers[index];
        if (layer.BackwardReadsInput && Read(call.Input, call, at).Form != _graph[input].Form)
            throw Error(call, index, _slots.NumberOf(call.Input!.Value, at), "it does not hold what the layer read");
        var gradient = Read(call.Gradient, call, at, isGradient: true);
        if (gradient.Shape != _graph[output].Shape || gradient.Gradient != _graph.GradientOf(output))
            throw Error(call, index, _slots.NumberOf(call.Gradient, at), "it does not hold the gradient of the layer's result");
        _backward[index]++;
        if (call.To is null && _graph[input].IsConstant) return;
        // A normalization may write its gradient over the one that it reads; what is added to has to be another.
        if (call.Operation != BackwardOperation.NormBackward || call.Accumulate) CheckApart(call.Gradient, call.To, call, at);
        var factor = LiteralGraph.FactorOfLayer(index);
        Contribute(call, Content.OfGradient(_graph[input].Shape, unchecked(gradient.Gradient * factor)), at);
    }

    /// <summary>Hands the gradient of a product on to one of its factors.</summary>
    void Multiply(BackwardCall call, Iteration at)
    {
        var (other, gradient) = (Read(call.Input, call, at), Read(call.Gradient, call, at, isGradient: true));
        if (gradient.Shape != other.Shape)
            throw Error(call, null, _slots.NumberOf(call.Gradient, at), $"a gradient of {gradient.Shape} is multiplied by {other.Shape}");
        CheckApart(call.Input, call.To, call, at);
        CheckApart(call.Gradient, call.To, call, at);
        Contribute(call, gradient with { Gradient = unchecked(gradient.Gradient * LiteralGraph.FactorOfProduct(other.Form)) }, at);
    }

    /// <summary>Writes a gradient, or adds it to what stands there.</summary>
    void Contribute(BackwardCall call, Content gradient, Iteration at)
    {
        if (call.Accumulate)
        {
            var before = Read(call.To, call, at, isGradient: true);
            gradient = gradient with { Gradient = unchecked(gradient.Gradient + before.Gradient) };
        }
        Write(call.To, gradient, call, at);
    }
}
