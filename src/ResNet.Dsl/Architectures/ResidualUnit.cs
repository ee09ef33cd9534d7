namespace ResNet.Dsl;

/// <summary>One network's way to make its residual units and stages: the options, settled.</summary>
/// <param name="Unit">Order of convolution, normalization, ReLU and addition.</param>
/// <param name="IsBottleneck">Three convolutions instead of two.</param>
/// <param name="Shortcut">The path of the input to the addition.</param>
/// <param name="UsualShortcut">The family's own, which units that change the shape keep where <paramref name="Shortcut"/> cannot join two shapes.</param>
/// <param name="Downsample">The convolution of a bottleneck that has the stride.</param>
/// <param name="IsPlain">The same layers without shortcuts.</param>
/// <param name="Groups">Groups of a bottleneck's 3×3 convolution.</param>
/// <param name="WidthPerGroup">Channels per group of a bottleneck's 3×3 convolution, in a stage of 64 planes.</param>
sealed record ResidualUnit(Unit Unit, bool IsBottleneck, Shortcut Shortcut, Shortcut UsualShortcut, Downsample Downsample, bool IsPlain, int Groups = 1, int WidthPerGroup = 64)
{
    readonly record struct Weight(int Channels, int Kernel, int Stride = 1, int Groups = 1);

    /// <summary>The initial bias of the shortcuts' gates, if they have any.</summary>
    public double GateBias { get; init; } = Shortcuts.UsualGateBias;

    /// <summary>Rate of the dropout before each convolution of a pre-activation unit but the first; 0 for none.</summary>
    public double DropoutRate { get; init; }

    /// <summary>Probability with which training drops the last unit's residual branch; 0 for no stochastic depth.</summary>
    public double DropRate { get; init; }

    /// <summary>Channels of a unit's output per plane.</summary>
    public int Expansion => IsBottleneck ? 4 : 1;

    /// <summary>Channels between a bottleneck's first and last convolution, as torchvision counts them.</summary>
    public long Width(int planes) => (long)(planes * (WidthPerGroup / 64.0)) * Groups;

    bool IsPreActivated => Unit is Unit.PreActivation or Unit.ReluOnlyPreActivation;

    /// <summary>Adds a stage: units of equal output, the first of which may halve the feature maps.</summary>
    /// <param name="net">The network so far.</param>
    /// <param name="name">Scope of the units.</param>
    /// <param name="planes">Channels of the stage's 3×3 convolutions, before any widening.</param>
    /// <param name="count">Number of units.</param>
    /// <param name="stride">Stride of the first unit.</param>
    /// <param name="activated">Whether the stage's input is a ReLU's output, as it is after the stem.</param>
    public void AddStage(NetworkBuilder net, string name, int planes, int count, int stride, bool activated)
    {
        Add(net, name + ".0", planes, stride, activated);
        if (count > 1) net.Repeat(count - 1, unit => Add(unit, null, planes, 1, activated: false), name, first: 1);
        net.Tap(name);
    }

    /// <summary>
    /// What stands between the last stage and the pooling. The sum of the last pre-activation unit has not been
    /// activated yet (He et al. 2016, section 4.1).
    /// </summary>
    public void AddFinalActivation(NetworkBuilder net)
    {
        if (Unit == Unit.PreActivation) net.BatchNorm();
        if (IsPreActivated) net.Relu();
    }

    void Add(NetworkBuilder net, string? name, int planes, int stride, bool activated)
    {
        var changesShape = stride != 1 || net.Shape.Channels != planes * Expansion;
        if (IsPlain)
        {
            net.Sequence(block => { Convolve(block, planes, stride, activated); block.Relu(); }, name);
        }
        else if (IsPreActivated && !activated && (changesShape || Shortcut == Shortcut.ProjectionAlways))
        {
            // Both branches see the activated input: a shortcut that is no identity has nothing to keep clean.
            net.Sequence(block =>
            {
                Activate(block, 1);
                AddResidual(block, "", planes, stride, changesShape, activated: true);
            }, name);
        }
        else
        {
            AddResidual(net, name, planes, stride, changesShape, activated);
        }
    }

    void AddResidual(NetworkBuilder net, string? name, int planes, int stride, bool changesShape, bool activated)
    {
        var activation = Unit switch
        {
            Unit.Original => Activation.Relu,
            Unit.BatchNormAfterAddition => Activation.BatchNormRelu,
            _ => Activation.None,
        };
        var shortcut = changesShape && !Shortcuts.JoinsStages(Shortcut) ? UsualShortcut : Shortcut;
        var projects = shortcut == Shortcut.ProjectionAlways || (Shortcuts.Projects(shortcut) && changesShape);
        // The shortcut is normalized where the residual branch is: not if that ends in a bare convolution.
        if (projects && Unit is Unit.PreActivation or Unit.BatchNormAfterAddition)
            net.Residual(main => Convolve(main, planes, stride, activated), path => Project(path, shortcut, planes * Expansion, stride), activation, name);
        else
            net.Residual(main => Convolve(main, planes, stride, activated), shortcut, activation, name, Merge.Sum, GateBias);
    }

    /// <summary>A projection without normalization.</summary>
    static void Project(NetworkBuilder path, Shortcut kind, int channels, int stride)
    {
        if (kind != Shortcut.AveragedProjection) path.Conv(channels, 1, stride, name: "0");
        else (stride == 1 ? path : path.AveragePool(2, stride, ceilMode: true)).Conv(channels, 1, name: "1");
    }

    /// <summary>The residual branch, as the columns of He et al. 2016, Figure 4 read from top to bottom.</summary>
    void Convolve(NetworkBuilder net, int planes, int stride, bool activated)
    {
        var weights = Weights(planes, stride);
        for (var i = 1; i <= weights.Length; i++)
        {
            var last = i == weights.Length;
            if (IsPreActivated && !(activated && i == 1)) Activate(net, i);
            if (DropoutRate > 0 && i > 1) net.Dropout(DropoutRate);
            var (channels, kernel, step, groups) = weights[i - 1];
            net.Conv(channels, kernel, step, padding: kernel / 2, groups: groups, name: $"conv{i}");
            if (Unit is Unit.Original or Unit.ReluBeforeAddition or Unit.ReluOnlyPreActivation || (Unit == Unit.BatchNormAfterAddition && !last))
                net.BatchNorm(name: $"bn{i}");
            if (Unit == Unit.ReluBeforeAddition || (!IsPreActivated && !last))
                net.Relu();
        }
        if (DropRate > 0) net.StochasticDepth(DropRate);
    }

    /// <summary>Appends the activation of a pre-activation unit before its i-th convolution.</summary>
    void Activate(NetworkBuilder net, int i)
    {
        if (Unit == Unit.PreActivation) net.BatchNorm(name: $"bn{i}");
        net.Relu();
    }

    Weight[] Weights(int planes, int stride)
    {
        if (!IsBottleneck) return [new(planes, 3, stride), new(planes, 3)];
        var width = (int)Width(planes);
        return Downsample == Downsample.In1x1
            ? [new(width, 1, stride), new(width, 3, 1, Groups), new(planes * Expansion, 1)]
            : [new(width, 1), new(width, 3, stride, Groups), new(planes * Expansion, 1)];
    }
}
