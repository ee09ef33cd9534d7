using System.Diagnostics;
using System.Globalization;
using ResNet.Dsl;
using ResNet.Planning;

namespace ResNet.Benchmarks.Planning;

/// <summary>
/// How long it takes to plan a network at run time: the first one of the process, which the planner is compiled for, and each
/// once it is.
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

    /// <summary>Prints milliseconds per network: the median of planning inference, training, and training that computes units again.</summary>
    public static void Print()
    {
        var definitions = _networks.Select(network => (network.Name, Definition: network.Architecture.Define(network.Name))).ToList();
        Line("the first of the process", Milliseconds(() => Planner.PlanInference(definitions[0].Definition)), Milliseconds(() => Planner.PlanTraining(definitions[0].Definition, false)), double.NaN);
        foreach (var (name, definition) in definitions)
            Line(name, Median(() => Planner.PlanInference(definition)), Median(() => Planner.PlanTraining(definition, false)), Median(() => Planner.PlanTraining(definition, true)));

        static void Line(string name, double inference, double training, double recomputing) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-26} inference {inference,7:F2} ms, training {training,7:F2} ms, recomputing {recomputing,7:F2} ms"));
    }

    static double Median(Action plan)
    {
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
