using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Verification;

sealed partial class ProgramVerifier
{
    void Visit(ForwardCall call, Iteration at)
    {
        var takesEpilogue = call.Operation switch
        {
            ForwardOperation.Apply or ForwardOperation.Norm => true,
            ForwardOperation.Conv => !_trains,
            _ => false,
        };
        if (!takesEpilogue && call.Then != ProgramEpilogue.None) throw Error(call, LayerOrNull(call, at), null, "it takes no epilogue");
        switch (call.Operation)
        {
            case ForwardOperation.Input:
                Write(call.To, Content.OfValue(_graph[0].Shape, 0), call, at);
                _inputs++;
                break;
            case ForwardOperation.Output when !_trains:
                GiveOutput(call, at);
                break;
            case ForwardOperation.Loss when _trains:
                var output = GiveOutput(call, at);
                CheckApart(call.From, call.To, call, at);
                Write(call.To, Content.OfGradient(_graph[_graph.Results[output]].Shape, LiteralGraph.GradientOfLoss(output)), call, at);
                break;
            case ForwardOperation.Tap when !_trains:
                Compute(call, at, layer => layer is Tap);
                break;
            case ForwardOperation.Multiply:
                Multiply(call, at);
                break;
            case ForwardOperation.Apply:
                Finish(call, Read(call.From, call, at), at);
                break;
            case ForwardOperation.Conv:
                FinishLayer(call, at, layer => layer is Conv2d);
                break;
            case ForwardOperation.Norm when _trains:
                FinishLayer(call, at, IsNorm);
                break;
            case ForwardOperation.Dense:
                FinishLayer(call, at, layer => layer is Dense);
                break;
            case ForwardOperation.MaxPool when !_trains:
                FinishLayer(call, at, layer => layer is MaxPool);
                break;
            case ForwardOperation.AveragePool when !_trains:
                FinishLayer(call, at, layer => layer is AveragePool);
                break;
            case ForwardOperation.GlobalAveragePool when !_trains:
                FinishLayer(call, at, layer => layer is GlobalAveragePool);
                break;
            case ForwardOperation.Sigmoid when !_trains:
                FinishLayer(call, at, layer => layer is Sigmoid);
                break;
            case ForwardOperation.Flatten when !_trains:
                FinishLayer(call, at, layer => layer is Flatten);
                break;
            case ForwardOperation.ZeroPad when !_trains:
                FinishLayer(call, at, layer => layer is ZeroPad);
                break;
            case ForwardOperation.Transform when _trains:
                FinishLayer(call, at, IsTransform);
                break;
            default:
                throw Error(call, null, null, $"{(_trains ? "a training step" : "a forward pass")} has no such operation");
        }
    }

    static bool IsTransform(Layer layer) => layer is MaxPool or AveragePool or GlobalAveragePool or Sigmoid or Flatten or ZeroPad || layer.ActsInTrainingAlone;

    /// <summary>A factor and a shift per channel.</summary>
    static bool IsNorm(Layer layer) => layer is BatchNorm or Scale;

    /// <summary>Checks the value of an output.</summary>
    /// <returns>Number of the output.</returns>
    int GiveOutput(ForwardCall call, Iteration at)
    {
        if (call.Output is not { } output || output < 0 || output >= _given.Length) throw Error(call, null, null, $"it names output {call.Output} of {_given.Length}");
        var content = Read(call.From, call, at);
        if (content.Form != _graph[_graph.Results[output]].Form) throw Error(call, null, _slots.NumberOf(call.From!.Value, at), $"it does not hold the value of output {output}");
        _given[output]++;
        return output;
    }

    void Multiply(ForwardCall call, Iteration at)
    {
        var (left, right) = (Read(call.From, call, at), Read(call.Factor, call, at));
        CheckApart(call.Factor, call.To, call, at);
        var form = _graph.Product(left.Form, right.Form) ?? throw Error(call, null, _slots.NumberOf(call.Factor!.Value, at), "the network does not multiply by this value here");
        Finish(call, left with { Form = form }, at);
    }

    /// <summary>Computes a layer from what its slot holds.</summary>
    Content Compute(ForwardCall call, Iteration at, Func<Layer, bool> isExpected)
    {
        var index = LayerOf(call.Layer, isExpected, call, at);
        return Through(index, Read(call.From, call, at), call, _slots.NumberOf(call.From!.Value, at));
    }

    /// <summary>Returns the output of a layer for a value, which has to be its input.</summary>
    Content Through(int index, Content content, ForwardCall call, int? slot)
    {
        var (_, input, output) = _graph.Layers[index];
        if (content.Form != _graph[input].Form) throw Error(call, index, slot, "what the layer is given is not its input");
        (call.IsBackward ? _again : _computed)[index]++;
        return Content.OfValue(_graph[output].Shape, _graph[output].Form);
    }

    void FinishLayer(ForwardCall call, Iteration at, Func<Layer, bool> isExpected) => Finish(call, Compute(call, at, isExpected), at);

    /// <summary>Follows an epilogue, and stores what comes of it.</summary>
    void Finish(ForwardCall call, Content content, Iteration at)
    {
        var then = call.Then;
        CheckApart(call.From, call.To, call, at);
        content = Norm(then.InnerNorm, content);
        if (then.InnerRelu) content = Relu(content);
        if (then.Addend is { } addend) content = Add(content, Read(addend, call, at));
        if (then.Stored is { } stored)
        {
            CheckApart(call.From, stored, call, at);
            CheckApart(call.To, stored, call, at);
            if (then.PadsAddend) CheckApart(then.Addend, stored, call, at);
            Write(stored, content, call, at);
        }
        content = Norm(then.OuterNorm, content);
        if (then.OuterRelu) content = Relu(content);
        Write(call.To, content, call, at);

        Content Norm(LayerReference? norm, Content value)
        {
            if (norm is null) return value;
            if (_trains) throw Error(call, LayerOrNull(call, at), null, "batch statistics take an operation of their own");
            return Through(LayerOf(norm, IsNorm, call, at), value, call, null);
        }

        Content Relu(Content value) => _graph.Rectified(value.Form) is { } form
            ? value with { Form = form }
            : throw Error(call, LayerOrNull(call, at), null, "the network does not rectify this value");

        Content Add(Content value, Content other)
        {
            var slot = _slots.NumberOf(then.Addend!.Value, at);
            if (then.PadsAddend)
            {
                CheckApart(then.Addend, call.To, call, at);
                other = _graph.Padded(other.Form, value.Shape) is { } padded
                    ? Content.OfValue(value.Shape, padded)
                    : throw Error(call, LayerOrNull(call, at), slot, $"the network does not pad this value to {value.Shape}");
            }
            return _graph.Sum(value.Form, other.Form) is { } form
                ? value with { Form = form }
                : throw Error(call, LayerOrNull(call, at), slot, "the network does not add this value here");
        }
    }
}
