using ResNet.Runtime;

namespace ResNet.Zoo.Tests;

/// <summary>The detectors of the zoo, without weights.</summary>
public class DetectorModelTests
{
    public static TheoryData<string> Names => [.. DetectorModels.All.Select(model => model.Name)];

    [Fact]
    public void EveryCompiledDetectorIsAnEntryOfItsOwn()
    {
        var classes = typeof(DetectorModels).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Detector)));
        Assert.Equal(classes.Select(type => type.Name).Order(), DetectorModels.All.Select(model => model.CompiledClass.Name).Order());
        Assert.Equal(
            DetectorModels.All, typeof(DetectorModels).GetProperties().Where(property => property.PropertyType == typeof(DetectorModel)).Select(property => property.GetValue(null)));
        Assert.Empty(Models.All.Select(model => model.Name).Intersect(DetectorModels.All.Select(model => model.Name)));
    }

    [Theory, MemberData(nameof(Names))]
    public void AnEntryIsItsCompiledClass(string name)
    {
        var model = DetectorModels.Find(name.ToUpperInvariant());
        using var detector = model.Create();
        Assert.Equal(model.CompiledClass, detector.GetType());
        Assert.Equal(model.Define(), detector.Definition);
        Assert.Equal((model.Labels.Count, model.Labels), (detector.Definition.Settings.Classes, detector.Labels));
    }

    [Fact]
    public void OtherOptionsArePlanned()
    {
        using var detector = DetectorModels.ShapesDetector.Create(declaration => (declaration.Classes, declaration.AnchorSizes) = (2, [20, 40]));
        Assert.NotEqual(typeof(ShapesDetector), detector.GetType());
        Assert.Equal((2, 6), (detector.Definition.Settings.Classes, detector.Definition.Settings.AnchorsPerPosition));
        Assert.Equal("class 0", detector.Labels[0]);
        Assert.Equal(DetectorModels.ShapesDetector.Define().Trunk.Input, detector.Definition.Trunk.Input);
        // What was changed once stays as it was declared.
        Assert.Equal(6, DetectorModels.ShapesDetector.Define().Settings.Classes);
    }

    [Fact]
    public void NamesThatAreNoneAreExplained() =>
        Assert.Contains("fasterrcnn-resnet has 18, 34, 50, 101, 152 layers", Assert.Throws<ArgumentException>(() => DetectorModels.Find("fasterrcnn-resnet20")).Message, StringComparison.Ordinal);
}
