using ResNet.Dsl;
using ResNet.Planning.Graph;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Lowering;

/// <summary>
/// Turns the layer tree into the forward operations of training. The statistics of a batch are known only when all of it
/// is computed, so nothing fuses into a convolution; but additions and ReLUs fuse into the normalization before them.
/// </summary>
sealed class TrainingLowering
{
    readonly bool _recomputes;
    List<StepNode> _block = [];
    string _stage = Stages.Body;
    readonly List<ValueNode> _outputs = [];
    int _units;

    TrainingLowering(bool recomputes) => _recomputes = recomputes;

    /// <summary>Lowers a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="recomputes">Whether the backward pass will compute residual units again.</param>
    /// <returns>The forward pass, with the losses of all outputs at its end.</returns>
    public static List<StepNode> Lower(NetworkDefinition network, bool recomputes)
    {
        var lowering = new TrainingLowering(recomputes);
        var items = LayerStream.Of(network);
        var image = lowering.Emit(ForwardOperation.Input, null, null, network.Input, "");
        var end = lowering.Lower(items, image);
        if (network.EndIsUnnamed) lowering._outputs.Add(end);
        lowering.EmitLosses();
        return lowering._block;
    }

    ValueNode Lower(List<StreamItem> items, ValueNode value)
    {
        foreach (var item in items)
        {
            _stage = item.Stage;
            value = item.Layer switch
            {
                Tap => value,
                Output => Give(value),
                Branch branch => LowerBranch(branch, item, value),
                Relu => Rectify(value, item.Unit),
                Residual residual => LowerResidual(residual, item, value),
                Repeat repeat => LowerRepeat(repeat, item, value),
                _ => Emit(KindOf(item.Layer), item.Site, value, item.Layer.OutputShape(value.Shape), item.Unit),
            };
        }
        return value;
    }

    static ForwardOperation KindOf(Layer layer) => layer switch
    {
        Conv2d => ForwardOperation.Conv,
        BatchNorm or Scale => ForwardOperation.Norm,
        Dsl.Dense => ForwardOperation.Dense,
        MaxPool or AveragePool or GlobalAveragePool or Sigmoid or Flatten or ZeroPad or { ActsInTrainingAlone: true } => ForwardOperation.Transform,
        _ => throw new NotSupportedException($"There is no operation for {layer}"),
    };

    ValueNode Emit(ForwardOperation kind, LayerReference? site, ValueNode? from, Shape shape, string unit)
    {
        var operation = new OperationNode(_stage, kind, site, from, unit);
        _block.Add(operation);
        return operation.Result = new(shape, operation);
    }

    /// <summary>Makes a value the next output; its loss waits for the end of the forward pass.</summary>
    ValueNode Give(ValueNode value)
    {
        value.IsKept = true;
        _outputs.Add(value);
        return value;
    }

    /// <summary>Appends the loss of each output; its result is the gradient of the output's value.</summary>
    void EmitLosses()
    {
        for (var i = 0; i < _outputs.Count; i++)
        {
            var loss = new OperationNode(Stages.Head, ForwardOperation.Loss, null, _outputs[i], "") { Output = i };
            loss.Result = new(_outputs[i].Shape, loss);
            _block.Add(loss);
        }
    }

    /// <summary>Lowers a side branch, after which the value that it begins with is still there.</summary>
    ValueNode LowerBranch(Branch branch, StreamItem item, ValueNode value)
    {
        value.IsKept = true;
        Lower(LayerStream.Of(branch.Content, item.Index, item.Scope, item.Unit, item.Stage), value);
        return value;
    }

    /// <summary>Applies a ReLU: in the operation that computes the value, if nothing else reads that.</summary>
    ValueNode Rectify(ValueNode value, string unit)
    {
        if (value is { IsKept: false, Producer: OperationNode { Kind: ForwardOperation.Norm or ForwardOperation.Apply, Epilogue.OuterRelu: false } producer })
        {
            producer.Epilogue = producer.Epilogue.Apply(new(null, Relu: true));
            return value;
        }
        return Apply(value, EpilogueNode.None.Apply(new(null, Relu: true)), unit);
    }

    ValueNode Apply(ValueNode value, EpilogueNode then, string unit)
    {
        var result = Emit(ForwardOperation.Apply, null, value, value.Shape, unit);
        ((OperationNode)result.Producer!).Epilogue = then;
        return result;
    }

    ValueNode LowerResidual(Residual residual, StreamItem item, ValueNode input)
    {
        var begin = _block.Count;
        var scope = item.Name;
        var unit = residual.Name.Length == 0 ? item.Unit : scope;
        var shortcutIndex = item.Index + (int)residual.Main.LayerCount;
        input.IsKept = true;
        var main = Lower(LayerStream.Of(residual.Main, item.Index, scope, unit, item.Stage), input);

        // An addition goes into the main branch's last operation, which therefore waits for the shortcut.
        var adds = residual.Merge == Merge.Sum ? LastIfItTakesAddendFor(main) : null;
        if (adds is not null) _block.RemoveAt(_block.Count - 1);

        var path = LayerStream.Of(residual.Shortcut, shortcutIndex, scope, unit, item.Stage);
        var pad = residual.Merge == Merge.Sum && path.Count == 1 && path[0].Layer is ZeroPad layer && Padding.IsImpliedByShapes(layer, input.Shape) ? path[0].Site : null;
        if (pad is not null) path.Clear();
        var shortcut = Lower(path, input);

        var merged = residual.Merge switch
        {
            Merge.Sum => Add(main, adds, shortcut, pad, unit),
            Merge.Product => Multiply(main, shortcut, unit),
            _ => throw new NotSupportedException($"There is no operation for {residual.Merge}"),
        };
        var result = Lower(LayerStream.Of(residual.Activation, shortcutIndex + (int)residual.Shortcut.LayerCount, scope, unit, item.Stage), merged);
        if (_recomputes) MarkAsUnit(_block.GetRange(begin, _block.Count - begin));
        return result;
    }

    /// <summary>Adds two branches: in the normalization that ends one of them if nothing else reads that.</summary>
    /// <param name="main">The main branch.</param>
    /// <param name="adds">The operation, taken out of the block, that computes it and takes an addition; null if there is none.</param>
    /// <param name="shortcut">The shortcut.</param>
    /// <param name="pad">The padding that the addition does to the shortcut, if any.</param>
    /// <param name="unit">Scope of the unit.</param>
    ValueNode Add(ValueNode main, OperationNode? adds, ValueNode shortcut, LayerReference? pad, string unit)
    {
        var sum = main;
        if (adds is not null)
        {
            _block.Add(adds);
        }
        else if (pad is null && LastIfItTakesAddendFor(shortcut) is { } other)
        {
            (adds, sum, shortcut) = (other, shortcut, main);
        }
        else
        {
            sum = Apply(main, EpilogueNode.None, unit);
            adds = (OperationNode)sum.Producer!;
        }
        adds.Epilogue = adds.Epilogue.Add(shortcut, pad is not null);
        adds.Pad = pad;
        return sum;
    }

    ValueNode Multiply(ValueNode left, ValueNode right, string unit)
    {
        var product = new OperationNode(_stage, ForwardOperation.Multiply, null, left, unit) { Factor = right };
        _block.Add(product);
        return product.Result = new(left.Shape, product);
    }

    /// <summary>
    /// Lets the backward pass compute a residual unit again, as a whole with the units inside it. Not if it has a loop, each
    /// iteration of which would need its own place for what the next begins with: then the units in that are the ones.
    /// </summary>
    void MarkAsUnit(List<StepNode> steps)
    {
        if (steps.Exists(step => step is LoopNode)) return;
        var unit = _units++;
        foreach (var operation in steps.Cast<OperationNode>()) operation.RecomputedUnit = unit;
    }

    /// <summary>The normalization at the end of the block, if it computes the value for nothing else and an addition fits into it.</summary>
    OperationNode? LastIfItTakesAddendFor(ValueNode value) =>
        value is { IsKept: false, Producer: OperationNode { Kind: ForwardOperation.Norm } norm } && norm.Epilogue == EpilogueNode.None && IsLast(norm) ? norm : null;

    bool IsLast(StepNode? step) => _block.Count > 0 && step == _block[_block.Count - 1];

    ValueNode LowerRepeat(Repeat repeat, StreamItem item, ValueNode initial)
    {
        var size = (int)repeat.Body.LayerCount;
        // Units without layers, which double their input, have no indices to go through.
        if (repeat.Count == 1 || size == 0) return Enumerable.Range(0, repeat.Count).Aggregate(initial, (value, _) => LowerIteration(value));

        var around = _block;
        _block = [];
        var parameter = new ValueNode(initial.Shape);
        var next = LowerIteration(parameter);
        var body = _block;
        _block = around;
        if (body.Count == 0) return initial;

        // The slots of all iterations follow one another, after that of the value they begin with.
        var isNewest = _block.Count == 0 ? initial.Producer is null : IsLast(initial.Producer);
        if (!isNewest) initial = Apply(initial, EpilogueNode.None, item.Unit);
        var range = new IterationRange(item.Index, size, repeat.Count, 1, UnitOf(0), UnitOf(repeat.Count - 1));
        var loop = new LoopNode(item.Stage, repeat, range, body);
        var final = new ValueNode(next.Shape, loop);
        loop.Carried.Add(new(initial, parameter, next, final));
        _block.Add(loop);
        return final;

        string UnitOf(int iteration) => FullName.Join(item.Scope, repeat.IterationScope(iteration));

        ValueNode LowerIteration(ValueNode input) => Lower(LayerStream.Of(repeat.Body, item.Index, UnitOf(0), UnitOf(0), item.Stage), input);
    }
}
