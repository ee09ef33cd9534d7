using ResNet.Dsl;
using ResNet.Generators.Emitting;

namespace ResNet.Generators.Names;

/// <summary>The types and members that emitted code names, but for the operations themselves: those are <see cref="OperationText"/>'s and <see cref="BuilderCalls"/>'s.</summary>
static class RuntimeNames
{
    public const string Network = "global::ResNet.Runtime.Network";
    public const string Detector = "global::ResNet.Runtime.Detector";
    public const string Device = "global::ResNet.Runtime.Device";
    public const string ProgramFormat = "ProgramFormat";
    public const string InferencePass = "global::ResNet.Runtime.Programs.InferencePass";
    public const string Infer = "Infer";
    public const string TrainingPass = "global::ResNet.Runtime.Programs.TrainingPass";
    public const string Train = "Train";
    public const string Recomputes = "Recomputes";
    public const string Then = "Then";

    public const string Dsl = "global::ResNet.Dsl.";
    public const string NetworkDefinition = "global::ResNet.Dsl.NetworkDefinition";
    public const string Definition = "Definition";
    public const string DetectorSettings = "global::ResNet.Dsl.DetectorSettings";
    public const string RoiMethod = "global::ResNet.Dsl.RoiMethod";

    public const string GeneratedCode = "[global::System.CodeDom.Compiler.GeneratedCode(\"ResNet.Dsl\", \"{0}\")]";
}
