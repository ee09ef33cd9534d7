using ResNet.Dsl;

namespace ResNet.Generators.Planning;

/// <summary>
/// Turns the layer tree into the forward operations of training. The statistics of a batch are known only when all of it
/// is computed, so nothing fuses into a convolution; but additions and ReLUs fuse into the normalization before them.
/// </summary>
sealed class TrainingLowering
{
    readonly bool _recomputes;
    List<Step> _block = [];
    string _stage = Stages.Body;
    int _units;

    TrainingLowering(bool recomputes) => _recomputes = recomputes;

    /// <summary>Lowers a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recomputes">Whether the backward pass will compute residual units again.</param>
    /// <param name="logits">The network's result.</param>
    public static List<Step> Lower(NetworkDefinition network, bool recomputes, out Value logits)
    {
        var lowering = new TrainingLowering(recomputes);
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
        var begin = _block.Count;
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
        var result = Lower(LayerStream.Of(residual.Activation, shortcutIndex + (int)LayerTable.Count(residual.Shortcut), scope, unit, item.Stage), sum);
        if (_recomputes) MarkAsUnit(_block.GetRange(begin, _block.Count - begin));
        return result;
    }

    /// <summary>
    /// Lets the backward pass compute a residual unit again, as a whole with the units inside it. Not if it has a loop, each
    /// iteration of which would need its own place for what the next begins with: then the units in that are the ones.
    /// </summary>
    void MarkAsUnit(List<Step> steps)
    {
        if (steps.Exists(step => step is Loop)) return;
        var unit = _units++;
        foreach (var operation in steps.Cast<Operation>()) operation.RecomputedUnit = unit;
    }

    /// <summary>The normalization at the end of the block, if it computes the value for nobody else and an addition fits into it.</summary>
    Operation? LastIfItTakesAddendFor(Value value) =>
        value is { IsKept: false, Producer: Operation { Kind: OperationKind.Norm } norm } && norm.Epilogue == Epilogue.None && IsLast(norm) ? norm : null;

    bool IsLast(Step? step) => _block.Count > 0 && step == _block[_block.Count - 1];

    Value LowerRepeat(Repeat repeat, StreamItem item, Value initial)
    {
        var size = (int)LayerTable.Count(repeat.Body);
        // Units without layers, which double their input, have no indices to go through.
        if (repeat.Count == 1 || size == 0) return Enumerable.Range(0, repeat.Count).Aggregate(initial, (value, _) => LowerIteration(value));

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
