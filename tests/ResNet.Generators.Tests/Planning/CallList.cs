using System.Reflection;
using ResNet.Runtime;
using ResNet.Runtime.Programs;

namespace ResNet.Generators.Tests.Planning;

/// <summary>The calls that a network's programs make, with all arguments.</summary>
static class CallList
{
    public static List<string> OfInference(Network network)
    {
        var pass = new Inference();
        Execute(network, "Infer", (InferencePass)pass);
        return pass.Calls;
    }

    public static List<string> OfTraining(Network network)
    {
        var pass = new Training();
        Execute(network, "Train", (TrainingPass)pass);
        return pass.Calls;
    }

    static void Execute<T>(Network network, string method, T pass) => typeof(Network)
        .GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Action<T>>(network)(pass);

    sealed class Inference : InferencePass
    {
        public List<string> Calls { get; } = [];

        public override void Input(int to) => Calls.Add($"Input {to}");

        public override void Conv(int layer, int from, int to, Epilogue then = default) => Calls.Add($"Conv {layer} {from} {to} {then}");

        public override void Dense(int layer, int from, int to) => Calls.Add($"Dense {layer} {from} {to}");

        public override void MaxPool(int layer, int from, int to) => Calls.Add($"MaxPool {layer} {from} {to}");

        public override void AveragePool(int layer, int from, int to) => Calls.Add($"AveragePool {layer} {from} {to}");

        public override void GlobalAveragePool(int layer, int from, int to) => Calls.Add($"GlobalAveragePool {layer} {from} {to}");

        public override void Apply(int from, int to, Epilogue then) => Calls.Add($"Apply {from} {to} {then}");

        public override void ZeroPad(int layer, int from, int to) => Calls.Add($"ZeroPad {layer} {from} {to}");

        public override void Tap(int layer, int from) => Calls.Add($"Tap {layer} {from}");

        public override void Sigmoid(int layer, int from, int to) => Calls.Add($"Sigmoid {layer} {from} {to}");

        public override void Flatten(int layer, int from, int to) => Calls.Add($"Flatten {layer} {from} {to}");

        public override void Multiply(int left, int right, int to) => Calls.Add($"Multiply {left} {right} {to}");

        public override void Output(int output, int from) => Calls.Add($"Output {output} {from}");
    }

    sealed class Training : TrainingPass
    {
        public List<string> Calls { get; } = [];

        public override void Input(int to) => Calls.Add($"Input {to}");

        public override void Conv(int layer, int from, int to) => Calls.Add($"Conv {layer} {from} {to}");

        public override void Norm(int layer, int from, int to, Epilogue then = default) => Calls.Add($"Norm {layer} {from} {to} {then}");

        public override void Apply(int from, int to, Epilogue then) => Calls.Add($"Apply {from} {to} {then}");

        public override void Dense(int layer, int from, int to) => Calls.Add($"Dense {layer} {from} {to}");

        public override void Transform(int layer, int from, int to) => Calls.Add($"Transform {layer} {from} {to}");

        public override void Multiply(int left, int right, int to, bool accumulate = false) => Calls.Add($"Multiply {left} {right} {to} {accumulate}");

        public override void Loss(int output, int from, int to) => Calls.Add($"Loss {output} {from} {to}");

        public override void ConvBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
            Calls.Add($"ConvBackward {layer} {input} {gradient} {to} {accumulate}");

        public override void NormBackward(int layer, int input, int? rectified, int gradient, int? to, bool accumulate = false) =>
            Calls.Add($"NormBackward {layer} {input} {rectified} {gradient} {to} {accumulate}");

        public override void ReluBackward(int rectified, int gradient) => Calls.Add($"ReluBackward {rectified} {gradient}");

        public override void DenseBackward(int layer, int input, int gradient, int? to, bool accumulate = false) =>
            Calls.Add($"DenseBackward {layer} {input} {gradient} {to} {accumulate}");

        public override void TransformBackward(int layer, int input, int gradient, int to, bool accumulate = false) =>
            Calls.Add($"TransformBackward {layer} {input} {gradient} {to} {accumulate}");

        public override void Pass(int from, int to, bool accumulate = false) => Calls.Add($"Pass {from} {to} {accumulate}");
    }
}
