using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>
/// Turns the layer tree into the forward operations of training. The statistics of a batch are known only when all of it
/// is computed, so nothing fuses into a convolution; but additions and ReLUs fuse into the normalization before them.
/// </summary>
sealed class TrainingLowering
{
    List<Step> _block = [];
    string _stage = Stages.Body;

    TrainingLowering()
    {
    }

    /// <summary>Lowers a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="logits">Its result.</param>
    public static List<Step> Lower(NetworkDefinition network, out Value logits)
    {
        var lowering = new TrainingLowering();
        var items = LayerStream.Of(network);
        var image = lowering.Emit(OperationKind.Input, null, null, network.Input, "");
        logits = lowering.Lower(items, image);
        return lowering._block;
    }

    Value Lower(List<StreamItem> items, Value value)
    {
        foreach (var item in items)
        {
            _stage = item.Stage;
            value = item.Layer switch
            {
                Tap => value,
                Relu => Rectify(value, item.Unit),
                Residual residual => LowerResidual(residual, item, value),
                Repeat repeat => LowerRepeat(repeat, item, value),
                _ => Emit(KindOf(item.Layer), item.Site, value, ShapeInference.Output(item.Layer, value.Shape), item.Unit),
            };
        }
        return value;
    }

    static OperationKind KindOf(Layer layer) => layer switch
    {
        Conv2d => OperationKind.Conv,
        BatchNorm => OperationKind.Norm,
        Dsl.Dense => OperationKind.Dense,
        MaxPool or AveragePool or GlobalAveragePool or Dropout or ZeroPad => OperationKind.Transform,
        _ => throw new NotSupportedException($"There is no operation for {layer}"),
    };

    Value Emit(OperationKind kind, LayerSite? site, Value? from, Shape shape, string unit)
    {
        var operation = new Operation(_stage, kind, site, from, unit);
        _block.Add(operation);
        return operation.Result = new(shape, operation);
    }

    /// <summary>Applies a ReLU: in the operation that computes the value, if nobody else reads that.</summary>
    Value Rectify(Value value, string unit)
    {
        if (value is { IsKept: false, Producer: Operation { Kind: OperationKind.Norm or OperationKind.Apply, Epilogue.OuterRelu: false } producer })
        {
            producer.Epilogue = producer.Epilogue.Apply(new(null, Relu: true));
            return value;
        }
        return Apply(value, Epilogue.None.Apply(new(null, Relu: true)), unit);
    }

    Value Apply(Value value, Epilogue then, string unit)
    {
        var result = Emit(OperationKind.Apply, null, value, value.Shape, unit);
        ((Operation)result.Producer!).Epilogue = then;
        return result;
    }

    Value LowerResidual(Residual residual, StreamItem item, Value input)
    {
        var scope = item.Name;
        var unit = residual.Name.Length == 0 ? item.Unit : scope;
        var shortcutIndex = item.Index + (int)LayerTable.Count(residual.Main);
        input.IsKept = true;
        var main = Lower(LayerStream.Of(residual.Main, item.Index, scope, unit, item.Stage), input);

        // The addition goes into the main branch's last operation, which therefore waits for the shortcut.
        var adds = LastIfItTakesAddendFor(main);
        if (adds is not null) _block.RemoveAt(_block.Count - 1);

        var path = LayerStream.Of(residual.Shortcut, shortcutIndex, scope, unit, item.Stage);
        var pad = path.Count == 1 && path[0].Layer is ZeroPad layer && Padding.IsImpliedByShapes(layer, input.Shape) ? path[0].Site : null;
        if (pad is not null) path.Clear();
        var shortcut = Lower(path, input);

        Value sum;
        if (adds is not null)
        {
            _block.Add(adds);
            sum = main;
        }
        else if (pad is null && LastIfItTakesAddendFor(shortcut) is { } other)
        {
            (adds, sum, shortcut) = (other, shortcut, main);
        }
        else
        {
            sum = Apply(main, Epilogue.None, unit);
            adds = (Operation)sum.Producer!;
        }
        adds.Epilogue = adds.Epilogue.Add(shortcut, pad is not null);
        adds.Pad = pad;
        return Lower(LayerStream.Of(residual.Activation, shortcutIndex + (int)LayerTable.Count(residual.Shortcut), scope, unit, item.Stage), sum);
    }

    /// <summary>The normalization at the end of the block, if it computes the value for nobody else and an addition fits into it.</summary>
    Operation? LastIfItTakesAddendFor(Value value) =>
        value is { IsKept: false, Producer: Operation { Kind: OperationKind.Norm } norm } && norm.Epilogue == Epilogue.None && IsLast(norm) ? norm : null;

    bool IsLast(Step? step) => _block.Count > 0 && step == _block[_block.Count - 1];

    Value LowerRepeat(Repeat repeat, StreamItem item, Value initial)
    {
        var size = (int)LayerTable.Count(repeat.Body);
        if (repeat.Count == 1) return LowerIteration(initial);

        var around = _block;
        _block = [];
        var parameter = new Value(initial.Shape);
        var next = LowerIteration(parameter);
        var body = _block;
        _block = around;
        if (body.Count == 0) return initial;

        // The slots of all iterations lie one behind the other, behind that of the value they begin with.
        var isNewest = _block.Count == 0 ? initial.Producer is null : IsLast(initial.Producer);
        if (!isNewest) initial = Apply(initial, Epilogue.None, item.Unit);
        var range = new IterationRange(repeat, item.Index, size, repeat.Count, 1, UnitOf(0), UnitOf(repeat.Count - 1));
        var loop = new Loop(item.Stage, range, body);
        var final = new Value(next.Shape, loop);
        loop.Carried.Add(new(initial, parameter, next, final));
        _block.Add(loop);
        return final;

        string UnitOf(int iteration) => LayerTable.Join(item.Scope, LayerTable.Iteration(repeat, iteration));

        Value LowerIteration(Value input) => Lower(LayerStream.Of(repeat.Body, item.Index, UnitOf(0), UnitOf(0), item.Stage), input);
    }
}
