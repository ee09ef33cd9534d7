using ResNet.Dsl;
using ResNet.Planning.Graph;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Lowering;

/// <summary>
/// Turns the layer tree into operations, and fuses them: each element-wise operation moves into the operation
/// before it, whenever nothing else wants that operation's plain result or a second slot can keep it.
/// </summary>
sealed partial class InferenceLowering
{
    readonly ICollection<Repeat> _unrolled;
    List<StepNode> _block = [];
    int _outputs;
    string _stage = Stages.Body;

    InferenceLowering(ICollection<Repeat> unrolled) => _unrolled = unrolled;

    /// <summary>Lowers a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="unrolled">Repeats whose loops go two iterations at a time.</param>
    public static List<StepNode> Lower(NetworkDefinition network, ICollection<Repeat> unrolled)
    {
        var lowering = new InferenceLowering(unrolled);
        var items = LayerStream.Of(network);
        lowering._stage = items.Count == 0 ? Stages.Body : items[0].Stage;
        var image = lowering.Emit(ForwardOperation.Input, null, null, network.Input)!;
        var result = lowering.Lower(items, image);
        if (network.EndIsUnnamed) lowering.EmitOutput(result, "");
        return lowering._block;
    }

    ValueNode Lower(List<StreamItem> items, ValueNode value)
    {
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            _stage = item.Stage;
            switch (item.Layer)
            {
                case BatchNorm or Scale:
                    var rectified = i + 1 < items.Count && items[i + 1].Layer is Relu;
                    value = Apply(value, new(item.Site, rectified), item.Unit);
                    if (rectified) i++;
                    break;
                case Relu:
                    value = Apply(value, new(null, true), item.Unit);
                    break;
                case { ActsInTrainingAlone: true }:
                    break;
                case Tap:
                    value.IsKept = true;
                    Emit(ForwardOperation.Tap, item.Site, value, null);
                    break;
                case Output:
                    EmitOutput(value, item.Unit);
                    break;
                case Branch branch:
                    LowerBranch(branch, item, value);
                    break;
                case Residual residual:
                    value = LowerResidual(residual, item, value);
                    break;
                case Repeat repeat:
                    value = LowerRepeat(repeat, item, value);
                    break;
                default:
                    value = Emit(KindOf(item.Layer), item.Site, value, item.Layer.OutputShape(value.Shape))!;
                    break;
            }
        }
        return value;
    }

    static ForwardOperation KindOf(Layer layer) => layer switch
    {
        Conv2d => ForwardOperation.Conv,
        Dsl.Dense => ForwardOperation.Dense,
        MaxPool => ForwardOperation.MaxPool,
        AveragePool => ForwardOperation.AveragePool,
        GlobalAveragePool => ForwardOperation.GlobalAveragePool,
        Sigmoid => ForwardOperation.Sigmoid,
        Flatten => ForwardOperation.Flatten,
        ZeroPad => ForwardOperation.ZeroPad,
        _ => throw new NotSupportedException($"There is no operation for {layer}"),
    };

    /// <summary>Appends an operation.</summary>
    /// <returns>Its result, if it is given a shape.</returns>
    ValueNode? Emit(ForwardOperation kind, LayerReference? site, ValueNode? from, Shape? shape)
    {
        var operation = new OperationNode(_stage, kind, site, from, site?.Unit ?? "");
        operation.Result = shape is { } given ? new(given, operation) : null;
        _block.Add(operation);
        return operation.Result;
    }

    /// <summary>Makes a value the next output.</summary>
    void EmitOutput(ValueNode value, string unit)
    {
        value.IsKept = true;
        _block.Add(new OperationNode(_stage, ForwardOperation.Output, null, value, unit) { Output = _outputs++ });
    }

    /// <summary>
    /// Applies a pointwise function: in the epilogue of what computed the value, or else by an operation of its own, which
    /// stands <paramref name="before"/> a loop or at the end.
    /// </summary>
    ValueNode Apply(ValueNode value, Pointwise then, string unit, LoopNode? before = null)
    {
        var fused = value.Producer switch
        {
            OperationNode operation => operation.TryApply(value, then),
            LoopNode loop => TryRotate(loop, value, then),
            _ => null,
        };
        if (fused is not null) return fused;
        var apply = new OperationNode(before?.Stage ?? _stage, ForwardOperation.Apply, null, value, unit) { Epilogue = EpilogueNode.None.Apply(then) };
        _block.Insert(before is null ? _block.Count : _block.IndexOf(before), apply);
        return apply.Result = new(value.Shape, apply);
    }

    /// <summary>Lowers a side branch, after which the value that it begins with is still there.</summary>
    void LowerBranch(Branch branch, StreamItem item, ValueNode value)
    {
        value.IsKept = true;
        value.Holds++;
        Lower(LayerStream.Of(branch.Content, item.Index, item.Scope, item.Unit, item.Stage), value);
        value.Holds--;
    }

    ValueNode LowerResidual(Residual residual, StreamItem item, ValueNode input)
    {
        var scope = item.Name;
        var unit = residual.Name.Length == 0 ? item.Unit : scope;
        var shortcutIndex = item.Index + (int)residual.Main.LayerCount;
        input.IsKept = true;
        input.Holds++;
        var main = Lower(LayerStream.Of(residual.Main, item.Index, scope, unit, item.Stage), input);

        // An addition goes into the main branch's last operation, which therefore waits for the shortcut.
        var last = residual.Merge == Merge.Sum ? LastIfItTakesAddendFor(main) : null;
        if (last is not null) _block.RemoveAt(_block.Count - 1);

        var path = LayerStream.Of(residual.Shortcut, shortcutIndex, scope, unit, item.Stage);
        var pads = residual.Merge == Merge.Sum && path.Count == 1 && path[0].Layer is ZeroPad pad && Padding.IsImpliedByShapes(pad, input.Shape);
        if (pads) path.Clear();
        var shortcut = Lower(path, input);
        input.Holds--;

        var merged = residual.Merge switch
        {
            Merge.Sum => Add(main, last, shortcut, pads, unit, item.Stage),
            Merge.Product => Multiply(main, shortcut, unit, item.Stage),
            _ => throw new NotSupportedException($"There is no operation for {residual.Merge}"),
        };
        var after = LayerStream.Of(residual.Activation, shortcutIndex + (int)residual.Shortcut.LayerCount, scope, unit, item.Stage);
        return Lower(after, merged);
    }

    /// <summary>Adds two branches: in the last operation of one of them if that is exact.</summary>
    /// <param name="main">The main branch.</param>
    /// <param name="last">The operation, taken out of the block, that computes it and takes an addition; null if there is none.</param>
    /// <param name="shortcut">The shortcut.</param>
    /// <param name="pads">Whether the shortcut is subsampled and padded.</param>
    /// <param name="unit">Scope of the unit.</param>
    /// <param name="stage">Part of the network that it belongs to.</param>
    ValueNode Add(ValueNode main, OperationNode? last, ValueNode shortcut, bool pads, string unit, string stage)
    {
        if (last is not null)
        {
            _block.Add(last);
            last.Epilogue = last.Epilogue.Add(shortcut, pads);
            return main;
        }
        if (!pads && LastIfItTakesAddendFor(shortcut) is { } other)
        {
            other.Epilogue = other.Epilogue.Add(main, pads: false);
            return shortcut;
        }
        var add = new OperationNode(stage, ForwardOperation.Apply, null, main, unit) { Epilogue = EpilogueNode.None.Add(shortcut, pads) };
        _block.Add(add);
        return add.Result = new(main.Shape, add);
    }

    ValueNode Multiply(ValueNode left, ValueNode right, string unit, string stage)
    {
        var product = new OperationNode(stage, ForwardOperation.Multiply, null, left, unit) { Factor = right };
        _block.Add(product);
        return product.Result = new(left.Shape, product);
    }

    /// <summary>The operation at the end of the block, if it computes the value for nothing else and an addition fits into it.</summary>
    OperationNode? LastIfItTakesAddendFor(ValueNode value) =>
        !value.IsKept && value.Producer is OperationNode { CanAdd: true } operation && operation == _block[_block.Count - 1] ? operation : null;
}
