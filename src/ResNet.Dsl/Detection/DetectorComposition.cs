namespace ResNet.Dsl;

/// <summary>Declares the two networks of a detector around the layers that are its own.</summary>
/// <param name="settings">The sizes and rules by which the detector reads images and regions.</param>
/// <param name="regionSize">Rows and columns of a region.</param>
/// <param name="rpnChannels">Channels of the region proposal network's 3×3 convolution; 0 for as many as the feature maps have.</param>
sealed class DetectorComposition(DetectorSettings settings, int regionSize, int rpnChannels)
{
    /// <summary>Declares the feature maps.</summary>
    /// <param name="features">Declares them, the input included.</param>
    /// <returns>The trunk so far.</returns>
    /// <exception cref="NetworkException">The layers are no network, or have outputs of their own.</exception>
    public static NetworkBuilder DeclareFeatures(Action<NetworkBuilder> features)
    {
        var net = new NetworkBuilder();
        features(net);
        RefuseOutputs(net.Build("features"), own: 0);
        return net;
    }

    /// <summary>Adds the region proposal network to the feature maps (Ren et al. 2015, section 3.1).</summary>
    /// <param name="net">The trunk so far.</param>
    /// <exception cref="NetworkException">The maps are too small, or have the region proposal network's names.</exception>
    public NetworkDefinition CompleteTrunk(NetworkBuilder net)
    {
        var shape = net.Shape;
        if (shape.Height < 2 || shape.Width < 2)
            throw new NetworkException(ErrorIds.NoFeatureMaps, $"The trunk leaves feature maps of {shape} of the image, in which no regions can be told apart; use a larger image or fewer strides");
        var channels = rpnChannels == 0 ? shape.Channels : rpnChannels;
        net.Output(DetectorDefinition.FeaturesOutput).Sequence(
            rpn => rpn.Conv(channels, 3, padding: 1, bias: true, name: "conv").Relu()
                .Branch(DetectorDefinition.ObjectnessOutput, objectness => objectness.Conv(settings.ScoresPerPosition, 1, bias: true, name: "conv"))
                .Branch(DetectorDefinition.DeltasOutput, deltas => deltas.Conv(4 * settings.ScoresPerPosition, 1, bias: true, name: "conv")),
            "rpn");
        return net.Build("trunk");
    }

    /// <summary>Declares the head: the layers given, and the two sibling layers (Girshick 2015, section 2).</summary>
    /// <param name="features">Shape of the trunk's feature maps.</param>
    /// <param name="regions">Declares the layers from a region to a vector.</param>
    /// <param name="scope">Scope of their names; empty for none.</param>
    /// <exception cref="NetworkException">Regions are larger than the feature maps, or the layers yield no vector or have outputs of their own.</exception>
    public NetworkDefinition DeclareHead(Shape features, Action<NetworkBuilder> regions, string scope)
    {
        if (regionSize > Math.Min(features.Height, features.Width))
            throw new NetworkException(ErrorIds.NoFeatureMaps,
                $"Regions of {regionSize}×{regionSize} are larger than the trunk's feature maps, {features}; use a smaller RegionSize or larger images", nameof(DetectionAttribute.RegionSize));
        var net = new NetworkBuilder().Input(features.Channels, regionSize, regionSize).Output(DetectorDefinition.RegionsOutput);
        if (scope.Length == 0) regions(net);
        else net.Sequence(regions, scope);
        RefuseOutputs(net.Build("regions"), own: 1);
        if (!net.Shape.IsVector)
            throw new NetworkException(ErrorIds.DenseOnFeatureMaps, $"The head leaves feature maps of {net.Shape} of a region, and classes follow from a vector; end with GlobalAveragePool() or Flatten()");
        var classes = settings.Classes + 1;
        AddSibling(DetectorDefinition.ClassesOutput, classes);
        AddSibling(DetectorDefinition.BoxesOutput, 4 * classes);
        if (settings.GlobalContext)
        {
            AddSibling(DetectorDefinition.ContextClassesOutput, classes);
            AddSibling(DetectorDefinition.ContextBoxesOutput, 4 * classes);
        }
        return net.Build("head");

        void AddSibling(string name, int units) => net.Branch(name, sibling => sibling.Dense(units));
    }

    /// <summary>Refuses outputs that training would know no loss for.</summary>
    static void RefuseOutputs(NetworkDefinition network, int own)
    {
        var named = network.Outputs.Count - (network.EndIsUnnamed ? 1 : 0);
        if (named > own)
            throw new NetworkException(ErrorIds.DuplicateName, $"A detector adds the outputs of its networks itself; leave out the output \"{network.Outputs[own].Name}\"");
    }
}
