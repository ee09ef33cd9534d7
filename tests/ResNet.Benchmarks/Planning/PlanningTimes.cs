using System.Diagnostics;
using System.Globalization;
using ResNet.Dsl;
using ResNet.Planning;
using ResNet.Planning.Programs;
using ResNet.Planning.Verification;

namespace ResNet.Benchmarks.Planning;

/// <summary>
/// The times of planning and verifying networks at run time: the first one of the process, for which the code is compiled, and
/// each once it is.
/// </summary>
static class PlanningTimes
{
    const int Runs = 30;

    static readonly (string Name, ArchitectureAttribute Architecture)[] _networks =
    [
        ("resnet50", new ResNetAttribute { Depth = 50 }),
        ("resnet18", new ResNetAttribute { Depth = 18 }),
        ("resnet152", new ResNetAttribute { Depth = 152 }),
        ("preact-resnet50", new ResNetAttribute { Depth = 50, Unit = Unit.PreActivation }),
        ("resnext50", new ResNetAttribute { Depth = 50, Groups = 32, WidthPerGroup = 4 }),
        ("cifar-resnet20", new CifarResNetAttribute { Depth = 20 }),
        ("cifar-resnet1202", new CifarResNetAttribute { Depth = 1202 }),
        ("cifar-preact-resnet1001", new CifarResNetAttribute { Depth = 1001, Unit = Unit.PreActivation }),
    ];

    /// <summary>Prints milliseconds per network: the median of planning, and of verifying, each kind of program.</summary>
    public static void Print()
    {
        var definitions = _networks.Select(network => (network.Name, Definition: network.Architecture.Define(network.Name))).ToList();
        Line("the first of the process", definitions[0].Definition, Milliseconds);
        foreach (var (name, definition) in definitions) Line(name, definition, Median);
    }

    static void Line(string name, NetworkDefinition definition, Func<Action, double> time)
    {
        InferenceProgram? inference = null;
        TrainingProgram? training = null, recomputing = null;
        var plans = new[]
        {
            time(() => inference = Planner.PlanInference(definition)),
            time(() => training = Planner.PlanTraining(definition, recomputes: false)),
            time(() => recomputing = Planner.PlanTraining(definition, recomputes: true)),
        };
        var checks = new[]
        {
            time(() => ProgramVerifier.Verify(definition, inference!)),
            time(() => ProgramVerifier.Verify(definition, training!)),
            time(() => ProgramVerifier.Verify(definition, recomputing!)),
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-24}  inference {plans[0],6:F2} + {checks[0],5:F2} ms, training {plans[1],6:F2} + {checks[1],5:F2} ms, recomputing {plans[2],6:F2} + {checks[2],5:F2} ms"));
    }

    static double Median(Action plan)
    {
        // The JIT optimizes in the background, once there is a pause of a tenth of a second in what it compiles at first.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(0.4);) plan();
        var times = new double[Runs];
        for (var i = 0; i < times.Length; i++) times[i] = Milliseconds(plan);
        Array.Sort(times);
        return times[Runs / 2];
    }

    static double Milliseconds(Action plan)
    {
        var start = Stopwatch.GetTimestamp();
        plan();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
