using ResNet.Dsl;
using ResNet.Planning.Programs;

namespace ResNet.Planning.Verification;

/// <summary>
/// Checks that a program computes what its network's layer tree says. It follows the program with symbols in place of numbers:
/// every operation has to find in its slots the very values, or gradients, that the tree gives to its layer. So a slot that is
/// overwritten too early, a saved value that does not survive, a wrong index, order, shape or size are found where they
/// matter, in every iteration of every loop.
/// </summary>
sealed partial class ProgramVerifier
{
    readonly NetworkDefinition _network;
    readonly LiteralGraph _graph;
    readonly SlotContents _slots;
    readonly bool _trains;

    /// <summary>Counts of the computations, recomputations and backward passes of each layer, and of the results of each output.</summary>
    readonly int[] _computed, _again, _backward, _given;
    int _inputs;

    ProgramVerifier(NetworkDefinition network, SlotContents slots, bool trains)
    {
        (_network, _slots, _trains) = (network, slots, trains);
        _graph = new(network, trains);
        var count = _graph.Layers.Count;
        (_computed, _again, _backward) = (new int[count], new int[count], new int[count]);
        _given = new int[_graph.Results.Count];
    }

    /// <summary>Checks a forward pass.</summary>
    /// <exception cref="ProgramException">It does not compute the network.</exception>
    public static void Verify(NetworkDefinition network, InferenceProgram program)
    {
        var verifier = new ProgramVerifier(network, new(program.SlotSizes, 0, 0), trains: false);
        verifier.Visit(program.Steps, default);
        verifier.CheckUse();
    }

    /// <summary>Checks a training step.</summary>
    /// <exception cref="ProgramException">It does not compute the network, its losses and its gradients.</exception>
    public static void Verify(NetworkDefinition network, TrainingProgram program)
    {
        var verifier = new ProgramVerifier(network, new(program.SharedSizes, program.SavedCount, program.SavedElements), trains: true);
        verifier.Visit(program.Steps, default);
        verifier.CheckUse();
    }

    void Visit(EquatableArray<ProgramStep> steps, Iteration at)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case ForwardCall call:
                    Visit(call, at);
                    break;
                case BackwardCall call:
                    Visit(call, at);
                    break;
                case ProgramLoop loop:
                    for (var done = 0; done < loop.Range.Count; done++)
                        Visit(loop.Body, new(at, loop, loop.IsBackward ? loop.Range.Count - 1 - done : done));
                    break;
                default:
                    throw new NotSupportedException($"The verifier does not know {steps[i]}");
            }
        }
    }

    /// <summary>Checks that each layer was used as often as it should be.</summary>
    void CheckUse()
    {
        if (_inputs != 1) throw new ProgramException("Input", null, null, $"it is executed {_inputs} times");
        for (var i = 0; i < _given.Length; i++)
            if (_given[i] != 1) throw new ProgramException(_trains ? "Loss" : "Output", null, null, $"it is executed {_given[i]} times for output {i}");
        for (var i = 0; i < _graph.Layers.Count; i++)
        {
            var (layer, input, output) = _graph.Layers[i];
            // A ReLU is part of other operations, and so may the padding of a shortcut be. What follows finds out if one is missing.
            var (least, most) = layer switch
            {
                // Outputs are given by their numbers.
                Relu or Output => (0, 0),
                ZeroPad => (0, 1),
                { ActsInTrainingAlone: true } => _trains ? (1, 1) : (0, 0),
                Tap => _trains ? (0, 0) : (1, 1),
                _ => (1, 1),
            };
            Check(_computed[i], least, most, "computed");
            if (!_trains) continue;
            Check(_again[i], 0, 1, "computed again");
            var isNeeded = layer is not (Relu or Tap or Output) && !_graph[output].IsConstant && (layer.HasParameters || !_graph[input].IsConstant);
            Check(_backward[i], isNeeded ? 1 : 0, 1, "gone back through");

            void Check(int times, int least, int most, string what)
            {
                if (times < least || times > most)
                    throw new ProgramException(layer.GetType().Name, NameOf(i), null, $"it is {what} {times} times, and should be {(least == most ? $"{least}" : $"{least} to {most}")} times");
            }
        }
    }

    /// <summary>The layer that a call names, as the tree has it.</summary>
    int LayerOf(LayerReference? reference, Func<Layer, bool> isExpected, ProgramCall call, Iteration at)
    {
        if (reference is null) throw Error(call, null, null, "it names no layer");
        var index = at.Layer(reference);
        if (index < 0 || index >= _graph.Layers.Count) throw Error(call, null, null, $"it names layer {index} of {_graph.Layers.Count}");
        if (!isExpected(_graph.Layers[index].Layer)) throw Error(call, index, null, $"the layer is a {_graph.Layers[index].Layer.GetType().Name}");
        return index;
    }

    /// <summary>Reads a value or a gradient.</summary>
    Content Read(Operand? operand, ProgramCall call, Iteration at, bool isGradient = false)
    {
        if (operand is not { } given) throw Error(call, null, null, "an operand is missing");
        var slot = _slots.NumberOf(given, at);
        var (content, problem) = _slots.Read(slot, given.Shape);
        if (problem is null && content.IsGradient != isGradient) problem = isGradient ? "it holds a value, not a gradient" : "it holds a gradient, not a value";
        return problem is null ? content : throw Error(call, LayerOrNull(call, at), slot, problem);
    }

    void Write(Operand? operand, Content content, ProgramCall call, Iteration at)
    {
        if (operand is not { } given) throw Error(call, null, null, "it has no place for its result");
        var slot = _slots.NumberOf(given, at);
        var problem = given.Shape == content.Shape ? _slots.Write(slot, content) : $"{content.Shape} is written as {given.Shape}";
        if (problem is not null) throw Error(call, LayerOrNull(call, at), slot, problem);
    }

    /// <summary>Holds that two operands are in different slots.</summary>
    void CheckApart(Operand? left, Operand? right, ProgramCall call, Iteration at)
    {
        if (left is { } a && right is { } b && _slots.NumberOf(a, at) is var slot && slot == _slots.NumberOf(b, at))
            throw Error(call, LayerOrNull(call, at), slot, "it is read and written at the same time");
    }

    static int? LayerOrNull(ProgramCall call, Iteration at) => call.Layer is { } layer ? at.Layer(layer) : null;

    ProgramException Error(ProgramCall call, int? layer, int? slot, string problem) =>
        new(call switch
        {
            ForwardCall forward => forward.Operation.ToString() + (forward.IsBackward ? ", again," : ""),
            BackwardCall backward => backward.Operation.ToString(),
            _ => throw new NotSupportedException($"The verifier does not know {call}"),
        }, layer is { } index ? NameOf(index) : null, slot, problem);

    string NameOf(int layer) => _network.Layers() is var all && layer < all.Count ? all[layer].Name : $"layer {layer}";
}
