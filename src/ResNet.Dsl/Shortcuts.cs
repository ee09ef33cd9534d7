namespace ResNet.Dsl;

/// <summary>The shortcuts of He et al. 2015, section 3.3, as layers, and what holds for every kind.</summary>
static class Shortcuts
{
    /// <summary>torchvision's name for the scope of a projection.</summary>
    public const string Scope = "downsample";

    /// <summary>The initial bias of a gate with the least error in He et al. 2016, Table 1.</summary>
    public const double UsualGateBias = -6;

    /// <summary>Whether that kind of shortcut can join a stage to the next, of another shape.</summary>
    public static bool JoinsStages(Shortcut kind) => kind is Shortcut.ZeroPad || Projects(kind);

    /// <summary>Whether that kind of shortcut is a projection where the shape changes.</summary>
    public static bool Projects(Shortcut kind) => kind is Shortcut.Projection or Shortcut.ProjectionAlways or Shortcut.AveragedProjection;

    /// <summary>Whether that kind of shortcut has a gate.</summary>
    public static bool HasGate(Shortcut kind) => kind is Shortcut.ExclusiveGating or Shortcut.ShortcutOnlyGating;

    /// <summary>Builds the shortcut from a unit's input to its output.</summary>
    /// <exception cref="NetworkException">That kind of shortcut cannot join the two shapes.</exception>
    public static Sequence Create(Shortcut kind, Shape input, Shape output)
    {
        Limits.CheckDefined(kind, "shortcut");
        var agree = input == output;
        switch (kind)
        {
            case Shortcut.Identity when agree:
            case Shortcut.ZeroPad or Shortcut.Projection or Shortcut.AveragedProjection when agree:
                return Sequence.Empty;
            case Shortcut.ZeroPad when Stride(input, output) is { } stride && output.Channels >= input.Channels:
                return new(Scope, new([new ZeroPad("pad", output.Channels, stride)]));
            case Shortcut.Projection or Shortcut.ProjectionAlways when Stride(input, output) is { } stride && CanProject(input, stride):
                return new(Scope, new([new Conv2d("0", output.Channels, 1, stride), new BatchNorm("1")]));
            case Shortcut.AveragedProjection when Stride(input, output) is { } stride && CanProject(input, stride):
                Layer[] projection = [new Conv2d("1", output.Channels, 1), new BatchNorm("2")];
                return new(Scope, new(stride == 1 ? projection : [new AveragePool("avgpool", 2, stride, CeilMode: true), .. projection]));
            default:
                throw CannotFollow(kind, input, output);
        }
    }

    /// <summary>The error of a shortcut that cannot join the two shapes.</summary>
    public static NetworkException CannotFollow(Shortcut kind, Shape input, Shape output) => new(ErrorIds.BranchesDiffer,
        $"The residual branch turns {input} into {output}, which {Describe(kind)} cannot follow; {Advice(input, output)}", "shortcut")
    {
        Remedies = new(Fitting(input, output).Select(fitting => new Remedy("shortcut", $"{nameof(Shortcut)}.{fitting}"))),
    };

    static string Describe(Shortcut kind) => kind switch
    {
        Shortcut.Identity => "the identity shortcut",
        Shortcut.ZeroPad => "a zero-padded shortcut",
        _ when Projects(kind) => "a projection shortcut",
        _ => $"Shortcut.{kind}",
    };

    static string Advice(Shape input, Shape output)
    {
        if (Stride(input, output) is null) return "no stride joins the two sizes: pad the branch's convolutions, or declare a shortcut of your own";
        var fitting = Fitting(input, output);
        return fitting.Length switch
        {
            0 => "a projection takes no strides over a single row or column: declare a shortcut of your own",
            1 => $"use Shortcut.{fitting[0]}",
            _ => $"use Shortcut.{fitting[0]} (or Shortcut.{fitting[1]})",
        };
    }

    /// <summary>The kinds of shortcut without a function of their own that join two shapes, the usual one first.</summary>
    static Shortcut[] Fitting(Shape input, Shape output) => Stride(input, output) switch
    {
        { } stride when CanProject(input, stride) => output.Channels >= input.Channels ? [Shortcut.Projection, Shortcut.ZeroPad] : [Shortcut.Projection],
        _ => [],
    };

    /// <summary>Whether a convolution of that stride can follow the input.</summary>
    static bool CanProject(Shape input, int stride) => stride == 1 || (input.Height > 1 && input.Width > 1);

    /// <summary>The stride of a 1×1 kernel that joins the two sizes, if there is one.</summary>
    static int? Stride(Shape input, Shape output)
    {
        for (var stride = 1; stride <= Math.Max(input.Height, input.Width); stride++)
        {
            if (Joins(stride, input.Height, output.Height) && Joins(stride, input.Width, output.Width)) return stride;
        }
        return null;
    }

    static bool Joins(int stride, int from, int to) => (from - 1) / stride + 1 == to;
}
