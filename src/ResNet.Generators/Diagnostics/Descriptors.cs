using Microsoft.CodeAnalysis;

namespace ResNet.Generators.Diagnostics;

/// <summary>Every error of the compiler of networks. Each has a page in <c>docs/diagnostics</c>.</summary>
internal static class Descriptors
{
    const string Category = "ResNet.Dsl";
    const string Help = "https://resnet-dsl.github.io/ResNet.Dsl/diagnostics/";

    // The builder's own errors bring their text with them: what it throws when executed is what the compiler says.
    const string BuilderMessage = "{0}";

    public static readonly DiagnosticDescriptor NotPartial = new("RESNET001", "A network is a partial class",
        "'{0}' is not partial; its compiled half is another part of it, so write 'partial class {0}'", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET001.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor ContainerNotPartial = new("RESNET002", "The types around a network are partial",
        "'{0}' contains '{1}' and is not partial; write 'partial' before its keyword too", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET002.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor Generic = new("RESNET003", "A network is not generic",
        "'{0}' has type parameters, but a network's shapes do not depend on types", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET003.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NotPlainClass = new("RESNET004", "A network is a plain class",
        "'{0}' is {1}; it has to be a plain class, which can be created and derives from {2}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET004.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor UnknownDepth = new("RESNET005", "The family has no network of that depth",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET005.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor SizeOutOfRange = new("RESNET006", "A size is out of range",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET006.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor KernelTooLarge = new("RESNET007", "The kernel is larger than its padded input",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET007.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor ShrinksBelowOne = new("RESNET008", "A feature map shrinks below 1×1",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET008.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor BranchesDiffer = new("RESNET009", "The branches of a residual unit have different shapes",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET009.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor GroupsDoNotDivide = new("RESNET010", "The groups do not divide the channels",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET010.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor DenseOnFeatureMaps = new("RESNET011", "A dense layer would flatten feature maps",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET011.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NoInput = new("RESNET012", "The network has no input",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET012.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor SecondInput = new("RESNET013", "The network has two inputs",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET013.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor EmptyNetwork = new("RESNET014", "The network has no layers",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET014.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor DuplicateName = new("RESNET015", "A name is missing or taken",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET015.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NotConstant = new("RESNET016", "The compiler cannot evaluate this",
        "'{0}' cannot be evaluated before the program runs{1}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET016.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor UnknownCall = new("RESNET017", "A declaration cannot call this",
        "'{0}' cannot be called in a declaration{1}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET017.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor Recursion = new("RESNET018", "A declaration does not recurse",
        "'{0}' calls itself; use a loop or Repeat", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET018.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor StepLimit = new("RESNET019", "The declaration does not end",
        "The declaration takes more than {0} steps; does this loop end?", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET019.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor OptionsContradict = new("RESNET020", "The options contradict each other",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET020.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NoDefine = new("RESNET021", "Define is missing or has another form",
        "'{0}' {1}; declare its layers in 'static void {2}(NetworkBuilder net)'", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET021.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor OtherBaseClass = new("RESNET022", "A network has no other base class",
        "'{0}' derives from '{1}'; its compiled half makes it derive from {2}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET022.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor WrongBuilder = new("RESNET023", "A branch is declared with the builder around it",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET023.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor SeveralAttributes = new("RESNET024", "A class declares one network",
        "'{0}' is declared already, by [{1}]", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET024.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor Throws = new("RESNET025", "The declaration throws",
        "This throws {0}: {1}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET025.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NameTaken = new("RESNET026", "A name is the compiled half's",
        "'{0}' is a name that the compiled half declares or calls; choose another", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET026.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor OverBudget = new("RESNET027", "The network exceeds its budget",
        "'{0}' has {1} {2}, more than its budget of {3}; {4}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET027.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor BudgetWithoutNetwork = new("RESNET028", "A budget has no network",
        "'{0}' has a budget, but no attribute such as [Network] or [ResNet] declares a network on it", Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET028.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor AnchorTooLarge = new("RESNET029", "An anchor is larger than the image",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET029.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly DiagnosticDescriptor NoFeatureMaps = new("RESNET030", "The trunk yields no feature maps that regions can be read from",
        BuilderMessage, Category, DiagnosticSeverity.Error, true, helpLinkUri: Help + "RESNET030.html", customTags: WellKnownDiagnosticTags.NotConfigurable);

    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        NotPartial, ContainerNotPartial, Generic, NotPlainClass, UnknownDepth,
        SizeOutOfRange, KernelTooLarge, ShrinksBelowOne, BranchesDiffer, GroupsDoNotDivide,
        DenseOnFeatureMaps, NoInput, SecondInput, EmptyNetwork, DuplicateName,
        NotConstant, UnknownCall, Recursion, StepLimit, OptionsContradict,
        NoDefine, OtherBaseClass, WrongBuilder, SeveralAttributes, Throws,
        NameTaken, OverBudget, BudgetWithoutNetwork, AnchorTooLarge, NoFeatureMaps,
    ];

    /// <summary>The descriptor of an error that the builder found.</summary>
    public static DiagnosticDescriptor Of(string id) => All.First(descriptor => descriptor.Id == id);
}
