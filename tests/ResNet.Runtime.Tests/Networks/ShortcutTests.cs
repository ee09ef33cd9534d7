using ResNet.Dsl;
using ResNet.Runtime.Devices;
using ResNet.Runtime.Weights.Initialization;

namespace ResNet.Runtime.Tests.Networks;

/// <summary>The shortcuts of He et al. 2016, Figure 2, by their formulas, and the units of Figure 4 at the paper's depths: both can be trained.</summary>
public class ShortcutTests
{
    public static TheoryData<Shortcut> OfFigure2 => [.. Enum.GetValues<Shortcut>().Where(shortcut => shortcut is >= Shortcut.ProjectionAlways and <= Shortcut.Dropout)];

    [Theory]
    [InlineData(Shortcut.ConstantScaling)]
    [InlineData(Shortcut.FrozenGating)]
    [InlineData(Shortcut.ExclusiveGating)]
    [InlineData(Shortcut.ShortcutOnlyGating)]
    [InlineData(Shortcut.Dropout)]
    public void AUnitComputesItsFormula(Shortcut shortcut)
    {
        // F(x) = 3x − 1, and g(x) is the sigmoid of 2x + b.
        using var net = Network.Create(TestNetworks.Build(5, 4, 3, n => n.Residual(r => r.Scale(3, -1), shortcut, Activation.None).Output("y")));
        foreach (var tensor in net.Parameters.Tensors.Where(tensor => tensor.Info.Kind == ParameterKind.Weight))
        {
            tensor.Edit().Clear();
            for (var channel = 0; channel < 5; channel++) tensor.Edit()[channel * 5 + channel] = 2;
        }
        var images = TestNetworks.Pattern(5 * 4 * 3);
        var outputs = net.Predict(new Tensor(images, 1, 5, 4, 3)).Data;
        for (var i = 0; i < images.Length; i++)
        {
            double x = images[i], f = 3 * x - 1, g = 1 / (1 + Math.Exp(6 - 2 * x));
            var y = shortcut switch
            {
                Shortcut.ConstantScaling => f + 0.5 * x,
                Shortcut.FrozenGating => 0.5 * f + 0.5 * x,
                Shortcut.ExclusiveGating => g * f + (1 - g) * x,
                Shortcut.ShortcutOnlyGating => f + (1 - g) * x,
                _ => f + x,
            };
            Assert.Equal(y, outputs[i], 1e-5);
        }
    }

    [Theory, MemberData(nameof(OfFigure2))]
    public void TrainingLowersTheLoss(Shortcut shortcut)
    {
        // Dropout loses half of the input in every unit, which leaves little to learn from: the paper's network failed to.
        var (steps, remainder) = shortcut == Shortcut.Dropout ? (120, 0.9) : (40, 0.5);
        AssertLearns(new CifarResNetAttribute { Depth = 14, ImageSize = 12, Classes = 4, Shortcut = shortcut }, steps, remainder);
        AssertLearns(new CifarResNetAttribute { Depth = 20, ImageSize = 12, Classes = 4, Block = Block.Bottleneck, Unit = Unit.PreActivation, Shortcut = shortcut }, steps, remainder);
    }

    [Theory]
    [InlineData(0, 0.5), InlineData(0.3, 0.75)]
    public void WideNetworksLearn(double dropout, double remainder) =>
        AssertLearns(new CifarWideResNetAttribute { Depth = 10, Width = 2, Dropout = dropout, ImageSize = 12, Classes = 4 }, steps: 40, remainder);

    /// <summary>
    /// Table 2 of the paper: ResNet-110 of basic blocks and ResNet-164 of bottlenecks, in each order of the layers. Steps against the gradient
    /// lower the loss. They are short, since the gradient of so deep a network soon turns.
    /// </summary>
    [Theory]
    [InlineData(Unit.Original)]
    [InlineData(Unit.BatchNormAfterAddition)]
    [InlineData(Unit.ReluBeforeAddition)]
    [InlineData(Unit.ReluOnlyPreActivation)]
    [InlineData(Unit.PreActivation)]
    public void UnitsOfFigure4DescendAtThePapersDepths(Unit unit)
    {
        foreach (var depth in new[] { 110, 164 })
        {
            var losses = Descend(new CifarResNetAttribute { Depth = depth, Unit = unit, ImageSize = 12, Classes = 4 }, steps: 4, longest: 1e-4);
            Assert.True(losses[^1] < losses[0], $"At {depth} layers, the losses were {string.Join(", ", losses)}");
        }
    }

    /// <summary>Steps of descent on one batch leave less of its loss.</summary>
    static void AssertLearns(ArchitectureAttribute architecture, int steps, double remainder)
    {
        var losses = Descend(architecture, steps, longest: 0.1);
        Assert.True(losses[^(steps / 4)..].Average() <= remainder * losses[0], $"The losses were {string.Join(", ", losses.Select(loss => $"{loss:F3}"))}");
    }

    /// <summary>Goes down the gradient of one batch's loss.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="longest">The most that a step changes the parameters by, as a Euclidean length.</param>
    /// <returns>The loss before each step.</returns>
    static List<double> Descend(ArchitectureAttribute architecture, int steps, double longest)
    {
        using var net = Network.Create(architecture.Define("net"));
        new HeInitializer(1).Initialize(net.Parameters);
        var (images, labels) = (TrainingCases.Waves(net, 8), TrainingCases.Labels(net, 8));
        using var session = net.CreateTrainingSession(seed: 2);
        var losses = new List<double>();
        for (var step = 0; step < steps; step++)
        {
            losses.Add(session.Run(images, labels).Loss);
            var gradients = session.ReadGradients();
            var rate = (float)Math.Min(0.02, longest / Math.Sqrt(gradients.ToArray().Sum(value => (double)value * value)));
            var values = net.Parameters.EditTrained();
            for (var i = 0; i < values.Length; i++) values[i] -= rate * gradients[i];
        }
        return losses;
    }
}
