namespace ResNet.Dsl;

public sealed partial class NetworkBuilder
{
    /// <summary>A residual unit. The shortcuts of He et al. 2016, Figure 2, are nothing but units that the vocabulary can declare, too.</summary>
    /// <param name="main">Declares the residual function F.</param>
    /// <param name="shortcut">The path of the input to the addition.</param>
    /// <param name="activation">The layers after the addition.</param>
    /// <param name="name">Scope of the names within.</param>
    /// <param name="merge">The operation that joins the two branches.</param>
    /// <param name="gateBias">The initial bias of the gate, if the shortcut has one.</param>
    internal NetworkBuilder Residual(Action<NetworkBuilder> main, Shortcut shortcut, Activation activation, string? name, Merge merge, double gateBias)
    {
        if (main is null) throw new ArgumentNullException(nameof(main));
        switch (shortcut)
        {
            case Shortcut.ConstantScaling:
                return Residual(r => F(r), x => x.Scale(0.5), activation, name, merge);
            case Shortcut.FrozenGating:
                return Residual(r => F(r).Scale(0.5), x => x.Scale(0.5), activation, name, merge);
            case Shortcut.ExclusiveGating when merge != Merge.Sum:
                throw new NetworkException(ErrorIds.OptionsContradict, "Exclusive gating weighs the two addends of a sum; leave out either ExclusiveGating or merge", "merge") { Remedies = new([Remedy.LeaveOut("merge")]) };
            case Shortcut.ExclusiveGating:
                // One gate for both branches: g·F + (1 − g)·x is g·(F − x) + x.
                return Residual(
                    product => product.Residual(
                        difference => difference.Residual(r => F(r), x => x.Scale(-1), Activation.None, name: ""),
                        g => Gate(g), Activation.None, name: "", Merge.Product),
                    Shortcut.Identity, activation, name);
            case Shortcut.ShortcutOnlyGating:
                return Residual(
                    r => F(r),
                    x => x.Residual(g => Gate(g).Scale(-1, shift: 1), Shortcut.Identity, Activation.None, name: "", Merge.Product),
                    activation, name, merge);
            case Shortcut.Dropout:
                return Residual(r => F(r), x => x.Dropout(0.5), activation, name, merge);
            default:
                var branch = Declare(main, name);
                return AddResidual(branch, Shortcuts.Create(shortcut, _shape, branch._shape), activation, name, merge);
        }

        NetworkBuilder F(NetworkBuilder branch)
        {
            var input = branch.Shape;
            main(branch);
            return branch.Shape == input ? branch : throw Shortcuts.CannotFollow(shortcut, input, branch.Shape);
        }

        NetworkBuilder Gate(NetworkBuilder path) => path.Conv(path.Shape.Channels, kernel: 1, bias: true, name: "gate", initialBias: gateBias).Sigmoid();
    }
}
