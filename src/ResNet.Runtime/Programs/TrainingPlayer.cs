using ResNet.Dsl;
using ResNet.Planning.Programs;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Programs;

/// <summary>Makes the calls of a training step that generated code of the same program makes.</summary>
static class TrainingPlayer
{
    /// <summary>Plays a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="run">Executes the operations.</param>
    public static void Play(TrainingProgram program, TrainingPass run) => new Player(run, program.SharedSizes.Count).Play(program.Steps, default);

    /// <param name="run">Executes the operations.</param>
    /// <param name="firstSaved">The first of the slots that move with the iterations.</param>
    readonly struct Player(TrainingPass run, int firstSaved)
    {
        public void Play(EquatableArray<ProgramStep> steps, Iteration at)
        {
            for (var i = 0; i < steps.Count; i++)
            {
                switch (steps[i])
                {
                    case ForwardCall call:
                        Play(call, at);
                        break;
                    case BackwardCall call:
                        Play(call, at);
                        break;
                    case ProgramLoop loop:
                        for (var done = 0; done < loop.Range.Count; done++)
                            Play(loop.Body, new(at, loop, loop.IsBackward ? loop.Range.Count - 1 - done : done));
                        break;
                    default:
                        throw new NotSupportedException($"A training step has no {steps[i]}");
                }
            }
        }

        void Play(ForwardCall call, Iteration at)
        {
            var layer = Layer(call, at);
            var (from, to) = (Slot(call.From, at) ?? -1, Slot(call.To, at) ?? -1);
            switch (call.Operation)
            {
                case ForwardOperation.Input:
                    run.Input(to);
                    break;
                case ForwardOperation.Conv:
                    run.Conv(layer, from, to);
                    break;
                case ForwardOperation.Norm:
                    run.Norm(layer, from, to, Then(call.Then, at));
                    break;
                case ForwardOperation.Apply:
                    run.Apply(from, to, Then(call.Then, at));
                    break;
                case ForwardOperation.Dense:
                    run.Dense(layer, from, to);
                    break;
                case ForwardOperation.Transform:
                    run.Transform(layer, from, to);
                    break;
                case ForwardOperation.Multiply:
                    run.Multiply(from, Slot(call.Factor, at)!.Value, to);
                    break;
                case ForwardOperation.Loss:
                    run.Loss(call.Output!.Value, from, to);
                    break;
                default:
                    throw new NotSupportedException($"A training step has no {call.Operation}");
            }
        }

        void Play(BackwardCall call, Iteration at)
        {
            var layer = Layer(call, at);
            var (input, rectified, to) = (Slot(call.Input, at) ?? -1, Slot(call.Rectified, at), Slot(call.To, at));
            var gradient = Slot(call.Gradient.Slot, at);
            switch (call.Operation)
            {
                case BackwardOperation.ConvBackward:
                    run.ConvBackward(layer, input, gradient, to, call.Accumulate);
                    break;
                case BackwardOperation.NormBackward:
                    run.NormBackward(layer, input, rectified, gradient, to, call.Accumulate);
                    break;
                case BackwardOperation.ReluBackward:
                    run.ReluBackward(rectified!.Value, gradient);
                    break;
                case BackwardOperation.DenseBackward:
                    run.DenseBackward(layer, input, gradient, to, call.Accumulate);
                    break;
                case BackwardOperation.TransformBackward:
                    run.TransformBackward(layer, input, gradient, to!.Value, call.Accumulate);
                    break;
                case BackwardOperation.Multiply:
                    run.Multiply(input, gradient, to!.Value, call.Accumulate);
                    break;
                case BackwardOperation.Pass:
                    run.Pass(gradient, to!.Value, call.Accumulate);
                    break;
                default:
                    throw new NotSupportedException($"A training step has no {call.Operation}");
            }
        }

        /// <summary>A ReLU, an addition, a ReLU: in training, norms are operations of their own.</summary>
        Epilogue Then(ProgramEpilogue then, Iteration at)
        {
            var result = default(Epilogue);
            if (then.InnerRelu) result = result.Relu();
            if (then.Addend is { } addend) result = then.PadsAddend ? result.AddPadded(Slot(addend.Slot, at)) : result.Add(Slot(addend.Slot, at));
            return then.OuterRelu ? result.Relu() : result;
        }

        static int Layer(ProgramCall call, Iteration at) => call.Layer is { } layer ? at.Layer(layer) : -1;

        int? Slot(Operand? operand, Iteration at) => operand is { } given ? Slot(given.Slot, at) : null;

        int Slot(int slot, Iteration at) => slot < firstSaved ? slot : at.SavedSlot(slot);
    }
}
