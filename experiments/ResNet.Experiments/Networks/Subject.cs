using System.Globalization;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Zoo;

namespace ResNet.Experiments;

/// <summary>A network that an experiment trains.</summary>
/// <param name="Name">Its name in the names of folders and on the command line.</param>
/// <param name="Label">Its name in tables and pictures.</param>
/// <param name="Create">Makes it for a number of classes, with random weights.</param>
public sealed record Subject(string Name, string Label, Func<int, Device?, Network> Create)
{
    /// <summary>The error that the paper states, in percent; null where it states none.</summary>
    public double? PaperError { get; init; }

    /// <summary>Whether the paper states a failure in the place of a number: an error above 20 % (He et al. 2016, Table 1).</summary>
    public bool FailsInPaper { get; init; }

    /// <summary>The paper's figure, for tables.</summary>
    public string PaperResult => FailsInPaper ? "fails (above 20)" : PaperError?.ToString("F2", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>Whether the experiment trains it only on request: by name, or as a whole.</summary>
    public bool IsExtra { get; init; }

    /// <summary>Number of its color in pictures.</summary>
    public int Color { get; init; }

    /// <summary>Whether its curve is dashed.</summary>
    public bool IsDashed { get; init; }

    /// <summary>Whether its curve is dotted.</summary>
    public bool IsDotted { get; init; }

    /// <summary>Steps of warm-up that the paper gives it (He et al. 2015, section 4.2).</summary>
    public int WarmUp { get; init; }

    /// <summary>A network of the zoo.</summary>
    public static Subject Of(Model model, string label) => new(model.Name, label, (classes, device) => model.Create(classes, device: device));

    /// <summary>A network that is planned at run time.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="label">Its name in tables and pictures.</param>
    /// <param name="declare">Makes its architecture, which is then given the number of classes.</param>
    public static Subject Of(string name, string label, Func<ArchitectureAttribute> declare) => new(name, label, (classes, device) =>
    {
        var architecture = declare();
        architecture.Classes = classes;
        return Network.Create(architecture.Define(name), device, architecture.Recompute);
    });
}
