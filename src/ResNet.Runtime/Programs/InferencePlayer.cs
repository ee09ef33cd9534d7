using ResNet.Dsl;
using ResNet.Planning.Programs;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Programs;

/// <summary>Makes the calls of a forward pass that generated code of the same program makes.</summary>
static class InferencePlayer
{
    /// <summary>Plays a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="run">Executes the operations.</param>
    public static void Play(InferenceProgram program, InferencePass run) => Play(program.Steps, run, default);

    static void Play(EquatableArray<ProgramStep> steps, InferencePass run, Iteration at)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case ForwardCall call:
                    Play(call, run, at);
                    break;
                case ProgramLoop loop:
                    for (var number = 0; number < loop.Range.Count; number++) Play(loop.Body, run, new(at, loop, number));
                    break;
                default:
                    throw new NotSupportedException($"A forward pass has no {steps[i]}");
            }
        }
    }

    static void Play(ForwardCall call, InferencePass run, Iteration at)
    {
        var layer = call.Layer is { } given ? at.Layer(given) : -1;
        var (from, to) = (call.From.GetValueOrDefault().Slot, call.To.GetValueOrDefault().Slot);
        switch (call.Operation)
        {
            case ForwardOperation.Input:
                run.Input(to);
                break;
            case ForwardOperation.Conv:
                run.Conv(layer, from, to, Then(call.Then, at));
                break;
            case ForwardOperation.Dense:
                run.Dense(layer, from, to);
                break;
            case ForwardOperation.MaxPool:
                run.MaxPool(layer, from, to);
                break;
            case ForwardOperation.AveragePool:
                run.AveragePool(layer, from, to);
                break;
            case ForwardOperation.GlobalAveragePool:
                run.GlobalAveragePool(layer, from, to);
                break;
            case ForwardOperation.Sigmoid:
                run.Sigmoid(layer, from, to);
                break;
            case ForwardOperation.Flatten:
                run.Flatten(layer, from, to);
                break;
            case ForwardOperation.Multiply:
                run.Multiply(from, call.Factor!.Value.Slot, to);
                break;
            case ForwardOperation.Apply:
                run.Apply(from, to, Then(call.Then, at));
                break;
            case ForwardOperation.ZeroPad:
                run.ZeroPad(layer, from, to);
                break;
            case ForwardOperation.Tap:
                run.Tap(layer, from);
                break;
            case ForwardOperation.Output:
                run.Output(call.Output!.Value, from);
                break;
            default:
                throw new NotSupportedException($"A forward pass has no {call.Operation}");
        }
    }

    static Epilogue Then(ProgramEpilogue then, Iteration at)
    {
        var result = default(Epilogue);
        if (then.InnerNorm is { } inner) result = result.Norm(at.Layer(inner));
        if (then.InnerRelu) result = result.Relu();
        if (then.Addend is { } addend) result = then.PadsAddend ? result.AddPadded(addend.Slot) : result.Add(addend.Slot);
        if (then.Stored is { } stored) result = result.Store(stored.Slot);
        if (then.OuterNorm is { } outer) result = result.Norm(at.Layer(outer));
        return then.OuterRelu ? result.Relu() : result;
    }
}
