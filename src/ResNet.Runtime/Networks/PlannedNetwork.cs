using ResNet.Dsl;
using ResNet.Planning;
using ResNet.Planning.Programs;
using ResNet.Planning.Verification;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime;

/// <summary>A network whose programs are planned when they are first asked for, and played rather than compiled.</summary>
/// <param name="definition">The network.</param>
/// <param name="device">The device.</param>
/// <param name="recompute">Whether the backward pass computes residual units again rather than have their values saved.</param>
/// <param name="parameters">Parameters that it shares with another network; null for its own.</param>
sealed class PlannedNetwork(NetworkDefinition definition, Device? device, bool recompute, Parameters? parameters = null) : Network(device, parameters)
{
    readonly Lazy<InferenceProgram> _inference = new(() => PlanInference(definition));
    readonly Lazy<TrainingProgram> _training = new(() => PlanTraining(definition, recompute));

    public override NetworkDefinition Definition => definition;

    protected override bool Recomputes => recompute;

    protected override int ProgramFormat => FormatVersion.Current;

    protected override void Infer(InferencePass run) => InferencePlayer.Play(_inference.Value, run);

    protected override void Train(TrainingPass run) => TrainingPlayer.Play(_training.Value, run);

    static InferenceProgram PlanInference(NetworkDefinition definition)
    {
        var program = Planner.PlanInference(definition);
        ProgramVerifier.Verify(definition, program);
        return program;
    }

    static TrainingProgram PlanTraining(NetworkDefinition definition, bool recompute)
    {
        var program = Planner.PlanTraining(definition, recompute);
        ProgramVerifier.Verify(definition, program);
        return program;
    }
}
