using System.Reflection;
using ResNet.Dsl;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Training;

namespace ResNet.Zoo;

/// <summary>A detector of the zoo: its compiled class, its architecture with other options, and how it is trained.</summary>
public sealed class DetectorModel
{
    readonly Func<Device?, Detector> _compiled;
    readonly Func<DetectionAttribute, string, DetectorDefinition> _define;

    internal DetectorModel(
        string name, string description, Type compiledClass, Func<Device?, Detector> compiled, Func<DetectionAttribute, string, DetectorDefinition> define,
        IReadOnlyList<string> labels, DetectionRecipe recipe) =>
        (Name, Description, CompiledClass, _compiled, _define, Labels, Recipe) = (name, description, compiledClass, compiled, define, labels, recipe);

    /// <summary>The name: <c>fasterrcnn-resnet50</c>.</summary>
    public string Name { get; }

    /// <summary>One line for people.</summary>
    public string Description { get; }

    /// <summary>The class that the compiler has written the passes of both networks for.</summary>
    public Type CompiledClass { get; }

    /// <summary>The names of the classes that it is declared for, by index.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The default training.</summary>
    public DetectionRecipe Recipe { get; }

    /// <summary>The detector, by default that of <see cref="CompiledClass"/>.</summary>
    /// <param name="change">Changes options of the declaration: number of classes, anchors, size of the images; null changes nothing.</param>
    /// <exception cref="NetworkException">The options make no detector.</exception>
    public DetectorDefinition Define(Action<DetectionAttribute>? change = null)
    {
        var declaration = CompiledClass.GetCustomAttribute<DetectionAttribute>()!;
        change?.Invoke(declaration);
        return _define(declaration, CompiledClass.Name);
    }

    /// <summary>
    /// Creates the detector with random weights: an instance of <see cref="CompiledClass"/> or, with other options, a detector of the same form
    /// that is planned at run time. It has the names of <see cref="Labels"/> where it has as many classes.
    /// </summary>
    /// <param name="change">Changes options of the declaration; null changes nothing.</param>
    /// <param name="device">The device; <see cref="CpuDevice.Shared"/> by default.</param>
    /// <exception cref="NetworkException">The options make no detector.</exception>
    public Detector Create(Action<DetectionAttribute>? change = null, Device? device = null)
    {
        var definition = Define(change);
        var detector = definition == Define() ? _compiled(device) : Detector.Create(definition, device);
        if (definition.Settings.Classes == Labels.Count) detector.Labels = Labels;
        return detector;
    }
}
