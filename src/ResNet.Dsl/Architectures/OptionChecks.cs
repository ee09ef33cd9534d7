namespace ResNet.Dsl;

/// <summary>The checks that the architectures share. Each error names the attribute's property that is wrong.</summary>
static class OptionChecks
{
    /// <summary>Checks the options of the units against each other.</summary>
    /// <param name="unit">The units.</param>
    /// <param name="given">The shortcut that the user asked for, if any.</param>
    /// <param name="gateBias">The gates' initial bias that the user asked for, if any.</param>
    /// <param name="recompute">Whether training computes units a second time.</param>
    public static void CheckUnit(ResidualUnit unit, Shortcut? given, double? gateBias, bool recompute)
    {
        Limits.CheckDefined(unit.Unit, "Unit");
        Limits.CheckDefined(unit.Shortcut, "Shortcut");
        Limits.CheckDefined(unit.Downsample, "Downsample");
        Limits.CheckFinite(unit.GateBias, "GateBias");
        if (unit.IsPlain && given is not null)
            throw Contradiction("Shortcut", "A plain network has no shortcuts; leave out either Plain or Shortcut");
        if (unit.IsPlain && unit.Unit != Unit.Original)
            throw Contradiction("Unit", "The units differ in where they put the addition, which a plain network has not; leave out either Plain or Unit");
        if (unit.IsPlain && recompute)
            throw Contradiction("Recompute", "A plain network has no residual units to compute again; leave out either Plain or Recompute");
        Limits.Check(unit.DropRate is >= 0 and < 1, unit.DropRate, "StochasticDepth", "at least 0 and below 1");
        if (unit.IsPlain && unit.DropRate > 0)
            throw Contradiction("StochasticDepth", "A plain network has no residual branches to drop; leave out either Plain or StochasticDepth");
        if (unit.Shortcut == Shortcut.Identity)
        {
            throw Contradiction("Shortcut",
                "The identity cannot join stages of different shapes; use ZeroPad, Projection, AveragedProjection or ProjectionAlways, all but the last of which are the identity within a stage",
                new Remedy("Shortcut", $"{nameof(Shortcut)}.{Shortcut.Projection}"));
        }
        if (gateBias is not null && !Shortcuts.HasGate(unit.Shortcut))
            throw Contradiction("GateBias", "GateBias is where the bias of a gate begins; it needs a Shortcut with a gate, ExclusiveGating or ShortcutOnlyGating");
        if (!unit.IsBottleneck && unit.Downsample == Downsample.In1x1)
            throw Contradiction("Downsample", "Basic blocks have no 1×1 convolution to hold the stride; In1x1 needs bottlenecks");
    }

    /// <summary>Checks the groups and widths of the bottlenecks.</summary>
    /// <param name="unit">The units.</param>
    /// <param name="lastPlanes">Planes of the last stage.</param>
    public static void CheckWidth(ResidualUnit unit, int lastPlanes)
    {
        Limits.Check(unit.Groups, 1, Limits.MaxChannels, "Groups");
        Limits.Check(unit.WidthPerGroup, 1, Limits.MaxChannels, "WidthPerGroup");
        if (!unit.IsBottleneck && unit.Groups != 1)
            throw Contradiction("Groups", "Basic blocks have no groups; Groups needs bottlenecks, a depth of 50, 101 or 152");
        if (!unit.IsBottleneck && unit.WidthPerGroup != 64)
            throw Contradiction("WidthPerGroup", "Basic blocks have one width; WidthPerGroup needs bottlenecks, a depth of 50, 101 or 152");
        // 8192 channels keep the weight of a 3×3 convolution within 32-bit indices; no published network comes near.
        const int most = 8192;
        if (unit.Width(lastPlanes) > most)
            throw new NetworkException(ErrorIds.SizeOutOfRange,
                $"{unit.Groups} groups of {unit.WidthPerGroup} channels make the last stage {unit.Width(lastPlanes)} channels wide, more than {most}",
                unit.WidthPerGroup > 64 ? "WidthPerGroup" : "Groups");
    }

    /// <summary>Checks that the image is either square or has both a height and a width.</summary>
    /// <param name="size">The side of a square image that the user asked for, if any.</param>
    /// <param name="height">The height that the user asked for, if any.</param>
    /// <param name="width">The width that the user asked for, if any.</param>
    public static void CheckImageOptions(int? size, int? height, int? width)
    {
        if (size is not null && (height ?? width) is not null)
            throw Contradiction("ImageSize", "ImageSize makes the image square; leave out either ImageSize, or ImageHeight and ImageWidth");
        if (height is not null && width is null)
            throw Contradiction("ImageHeight", "ImageHeight needs an ImageWidth beside it; of a square image, ImageSize gives both");
        if (width is not null && height is null)
            throw Contradiction("ImageWidth", "ImageWidth needs an ImageHeight beside it; of a square image, ImageSize gives both");
    }

    /// <summary>Checks the sizes of the input and the output.</summary>
    /// <param name="classes">Length of the output.</param>
    /// <param name="image">Height and width of the image.</param>
    /// <param name="inputChannels">Channels of the image.</param>
    /// <param name="strides">The layers that halve the feature maps, in order.</param>
    public static void CheckSizes(int classes, ImageSides image, int inputChannels, string[] strides)
    {
        Limits.Check(classes, 1, Limits.MaxChannels, "Classes");
        Limits.Check(inputChannels, 1, Limits.MaxChannels, "InputChannels");
        Limits.Check(image.Height, 1, Limits.MaxSize, image.HeightOption);
        Limits.Check(image.Width, 1, Limits.MaxSize, image.WidthOption);
        var (height, width) = (image.Height, image.Width);
        foreach (var place in strides)
        {
            if (height == 1 || width == 1)
            {
                var option = height == 1 ? image.HeightOption : image.WidthOption;
                var least = (1 << (strides.Length - 1)) + 1;
                throw new NetworkException(ErrorIds.ShrinksBelowOne,
                    $"An image of {image} leaves {place} feature maps of {height}×{width}, which its stride of 2 would shrink below 1×1; {option} is at least {least}", option)
                {
                    Remedies = new([Remedy.Number(option, least)]),
                };
            }
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }
    }

    /// <summary>
    /// Runs the declaration. All that may still be wrong is the number of values of an activation, which the image's
    /// sides govern.
    /// </summary>
    public static void AsImageSize(ImageSides image, Action declare)
    {
        try
        {
            declare();
        }
        catch (NetworkException error) when (error.Id == ErrorIds.SizeOutOfRange)
        {
            throw new NetworkException(error.Id, $"{error.Message}; use a smaller {image.LongerOption}", image.LongerOption);
        }
    }

    /// <summary>Remedies that give the next smaller and the next larger depth of a family of three equal stages.</summary>
    /// <param name="depth">A depth that it has not.</param>
    /// <param name="layersOfUnits">Layers that one more unit in each stage adds.</param>
    /// <param name="layersBesides">Layers outside of units.</param>
    /// <param name="most">Largest depth.</param>
    public static EquatableArray<Remedy> DepthsAround(int depth, int layersOfUnits, int layersBesides, int most)
    {
        var largest = (most - layersBesides) / layersOfUnits;
        var below = (Math.Max(0, depth) - layersBesides) / layersOfUnits;
        int[] units = [Math.Min(Math.Max(below, 1), largest), Math.Min(below + 1, largest)];
        return Remedy.Nearest("Depth", depth, [.. units.Distinct().Select(count => count * layersOfUnits + layersBesides)]);
    }

    /// <summary>The error of an option that does not go with the others.</summary>
    /// <param name="property">The option.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="better">Remedies that are better than to leave it out.</param>
    public static NetworkException Contradiction(string property, string message, params Remedy[] better) =>
        new(ErrorIds.OptionsContradict, message, property) { Remedies = new([.. better, Remedy.LeaveOut(property)]) };
}
