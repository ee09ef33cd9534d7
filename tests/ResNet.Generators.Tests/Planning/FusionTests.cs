using ResNet.Dsl;
using ResNet.Generators.Emitting;
using ResNet.Generators.Tests.Emitting;

namespace ResNet.Generators.Tests.Planning;

/// <summary>Fusion, statement by statement.</summary>
public class FusionTests
{
    [Fact]
    public void Norm_and_relu_go_into_the_convolution() => Check(
        net => net.Conv(4, 3, padding: 1).BatchNorm().Relu(),
        "run.Conv(0, A, B, Then.Norm(1).Relu());");

    [Fact]
    public void A_unit_adds_its_shortcut_in_place() => Check(
        net => net.Conv(4, 1).Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(4, 3, padding: 1).BatchNorm()),
        "run.Conv(0, A, B);",
        "run.Conv(1, B, A, Then.Norm(2).Relu());",
        "run.Conv(4, A, B, Then.Norm(5).Add(B).Relu());");

    [Fact]
    public void A_projection_is_computed_before_the_last_convolution_and_added_in_it() => Check(
        net => net.Residual(r => r.Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(8, 3, padding: 1).BatchNorm(), Shortcut.Projection),
        "run.Conv(0, A, B, Then.Norm(1).Relu());",
        "run.Conv(5, A, C, Then.Norm(6));",
        "run.Conv(3, B, C, Then.Norm(4).Add(C).Relu());");

    [Fact]
    public void A_zero_padded_shortcut_goes_into_the_addition_never_in_place() => Check(
        net => net.Residual(r => r.Conv(8, 3, stride: 2, padding: 1).BatchNorm().Relu().Conv(8, 3, padding: 1).BatchNorm(), Shortcut.ZeroPad),
        "run.Conv(0, A, B, Then.Norm(1).Relu());",
        "run.Conv(3, B, C, Then.Norm(4).AddPadded(A).Relu());");

    [Fact]
    public void A_norm_and_a_relu_may_stand_on_either_side_of_the_addition() => Check(
        net => net
            .Residual(r => r.Conv(4, 1).BatchNorm().Relu().Conv(4, 1).BatchNorm().Relu(), activation: Activation.None)
            .Residual(r => r.Conv(4, 1).BatchNorm().Relu().Conv(4, 1), activation: Activation.BatchNormRelu),
        "run.Conv(0, A, B, Then.Norm(1).Relu());",
        "run.Conv(3, B, A, Then.Norm(4).Relu().Add(A));",
        "run.Conv(6, A, B, Then.Norm(7).Relu());",
        "run.Conv(9, B, A, Then.Add(A).Norm(10).Relu());");

    [Fact]
    public void An_addition_that_the_main_branch_cannot_take_goes_into_the_shortcut() => Check(
        net => net.Residual(r => r.MaxPool(2), s => s.Conv(4, 1, stride: 2).BatchNorm()),
        "run.MaxPool(0, A, B);",
        "run.Conv(1, A, B, Then.Norm(2).Add(B).Relu());");

    [Fact]
    public void An_addition_that_no_branch_can_take_stands_alone() => Check(
        net => net.Residual(r => r.MaxPool(3, 1, 1)),
        "run.MaxPool(0, A, B);",
        "run.Apply(B, A, Then.Add(A).Relu());");

    [Fact]
    public void A_tapped_branch_is_not_changed_by_the_addition() => Check(
        net => net.Conv(4, 1).Residual(r => r.Conv(4, 1).Tap("main")),
        "run.Conv(0, A, B);",
        "run.Conv(1, B, A);",
        "run.Tap(2, A);",
        "run.Apply(A, B, Then.Add(B).Relu());");

    [Fact]
    public void What_is_normalized_though_a_shortcut_needs_it_is_stored_besides() => Check(
        net => net.Conv(4, 1).Residual(r => r.BatchNorm().Relu().Conv(4, 3, padding: 1), activation: Activation.None),
        "run.Conv(0, A, B, Then.Store(C).Norm(1).Relu());",
        "run.Conv(3, B, C, Then.Add(C));");

    [Fact]
    public void A_scale_goes_where_a_norm_would() => Check(
        net => net.Conv(4, 1).Scale().Relu().Conv(4, 1).Scale(-1, shift: 1),
        "run.Conv(0, A, B, Then.Norm(1).Relu());",
        "run.Conv(3, B, A, Then.Norm(4));");

    [Fact]
    public void A_gate_is_multiplied_by_what_it_lets_through() => Check(
        net => net.Residual(r => r.Conv(4, 1).BatchNorm(), g => g.Conv(4, 1).Sigmoid(), merge: Merge.Product),
        "run.Conv(0, A, B, Then.Norm(1));",
        "run.Conv(2, A, C);",
        "run.Sigmoid(3, C, A);",
        "run.Multiply(B, A, C);",
        "run.Apply(C, A, Then.Relu());");

    [Fact]
    public void Exclusive_gating_takes_one_gate() => Check(
        net => net.Conv(4, 1).Residual(r => r.Conv(4, 1).BatchNorm(), Shortcut.ExclusiveGating),
        "run.Conv(0, A, B, Then.Store(C).Norm(3));",
        "run.Conv(1, C, B, Then.Norm(2).Add(B));",
        "run.Conv(4, C, A);",
        "run.Sigmoid(5, A, D);",
        "run.Multiply(B, D, A);",
        "run.Apply(A, C, Then.Add(C).Relu());");

    [Fact]
    public void A_gated_shortcut_is_added_in_the_last_convolution() => Check(
        net => net.Conv(4, 1).Residual(r => r.Conv(4, 1).BatchNorm(), Shortcut.ShortcutOnlyGating),
        "run.Conv(0, A, B);",
        "run.Conv(3, B, A);",
        "run.Sigmoid(4, A, C);",
        "run.Apply(C, A, Then.Norm(5));",
        "run.Multiply(A, B, C);",
        "run.Conv(1, B, C, Then.Norm(2).Add(C).Relu());");

    [Fact]
    public void A_shortcut_is_scaled_where_its_input_is_computed() => Check(
        net => net.Conv(4, 1).Residual(r => r.Conv(4, 1).BatchNorm(), Shortcut.ConstantScaling),
        "run.Conv(0, A, B, Then.Store(C).Norm(3));",
        "run.Conv(1, C, B, Then.Norm(2).Add(B).Relu());");

    [Fact]
    public void Branches_read_the_value_that_the_chain_goes_on_from() => Check(
        net => net.Conv(4, 1).Output("maps").Branch("scores", b => b.Conv(2, 1)).BatchNorm().Relu().Flatten(),
        "run.Conv(0, A, B, Then.Store(C).Norm(4).Relu());",
        "run.Conv(2, C, A);",
        "run.Flatten(6, B, A);");

    [Fact]
    public void Dropout_and_stochastic_depth_are_nothing_and_do_not_hinder() => Check(
        net => net.Conv(4, 1).Dropout(0.5).BatchNorm().StochasticDepth(0.1).Relu(),
        "run.Conv(0, A, B, Then.Norm(2).Relu());");

    [Fact]
    public void Norms_and_relus_out_of_order_are_operations_of_their_own() => Check(
        net => net.Conv(4, 1).Relu().BatchNorm().BatchNorm().Relu().MaxPool(2).Relu(),
        "run.Conv(0, A, B, Then.Relu());",
        "run.Apply(B, A, Then.Norm(2));",
        "run.Apply(A, B, Then.Norm(3).Relu());",
        "run.MaxPool(5, B, A);",
        "run.Apply(A, B, Then.Relu());");

    [Fact]
    public void Pre_activation_moves_into_the_unit_before_across_iterations() => Check(
        net => net.Conv(4, 1).Repeat(3, PreActivated).BatchNorm().Relu().MaxPool(2),
        "run.Conv(0, A, B, Then.Store(C).Norm(1).Relu());",
        "for (var at = 1; at < 19; at += 6)",
        "run.Conv(at + 2, B, A, Then.Norm(at + 3).Relu());",
        "run.Conv(at + 5, A, B, Then.Add(C).Store(C).Norm(at + 6).Relu());",
        "run.MaxPool(21, B, A);");

    [Fact]
    public void Where_layers_stand_between_the_last_iteration_names_its_successor() => Check(
        net => net.Conv(4, 1).Repeat(3, PreActivated).Tap("x").BatchNorm().Relu().MaxPool(2),
        "run.Conv(0, A, B, Then.Store(C).Norm(1).Relu());",
        "for (var at = 1; at < 19; at += 6)",
        "run.Conv(at + 2, B, A, Then.Norm(at + 3).Relu());",
        "run.Conv(at + 5, A, B, Then.Add(C).Store(C).Norm(at < 13 ? at + 6 : 20).Relu());",
        "run.Tap(19, C);",
        "run.MaxPool(22, B, A);");

    [Fact]
    public void Pre_activation_stays_in_the_loop_where_something_else_follows() => Check(
        net => net.Conv(4, 1).Repeat(2, PreActivated).MaxPool(2),
        "run.Conv(0, A, B);",
        "for (var at = 1; at < 13; at += 6)",
        "run.Apply(B, A, Then.Norm(at).Relu());",
        "run.Conv(at + 2, A, C, Then.Norm(at + 3).Relu());",
        "run.Conv(at + 5, C, B, Then.Add(B));",
        "run.MaxPool(13, B, A);");

    [Fact]
    public void An_iteration_of_one_operation_goes_there_and_back() => Check(
        net => net.Repeat(5, n => n.Conv(4, 1)),
        "for (var at = 0; at < 4; at += 2)",
        "run.Conv(at, A, B);",
        "run.Conv(at + 1, B, A);",
        "run.Conv(4, A, B);");

    [Fact]
    public void Nested_repeats_are_nested_loops() => Check(
        net => net.Repeat(2, n => n.Repeat(3, m => m.Residual(r => r.Conv(4, 1).Conv(4, 1))).MaxPool(3, 1, 1).Conv(4, 1)),
        "for (var at = 0; at < 22; at += 11)",
        "for (var at2 = at; at2 < at + 9; at2 += 3)",
        "run.Conv(at2, A, B);",
        "run.Conv(at2 + 1, B, A, Then.Add(A).Relu());",
        "run.MaxPool(at + 9, A, B);",
        "run.Conv(at + 10, B, A);");

    [Fact]
    public void A_loop_within_a_residual_branch_works_on_a_copy() => Check(
        net => net.MaxPool(3, 1, 1).Residual(r => r.Repeat(2, n => n.Conv(4, 1).Conv(4, 1))),
        "run.MaxPool(0, A, B);",
        "run.Apply(B, A, Then);",
        "for (var at = 1; at < 5; at += 2)",
        "run.Conv(at, A, C);",
        "run.Conv(at + 1, C, A);",
        "run.Apply(A, B, Then.Add(B).Relu());");

    static void PreActivated(NetworkBuilder net) =>
        net.Residual(r => r.BatchNorm().Relu().Conv(4, 3, padding: 1).BatchNorm().Relu().Conv(4, 3, padding: 1), activation: Activation.None);

    static void Check(Action<NetworkBuilder> declare, params string[] statements)
    {
        var network = Zoo.Build(net => declare(net.Input(4, 8, 8)));
        var inference = Emitter.Emit(GeneratedNetwork.ModelOf(network)).Single(file => file.HintName.EndsWith("Inference.g.cs", StringComparison.Ordinal)).Source;
        var actual = inference.Split('\n').Select(line => line.Split("  //")[0].Trim())
            .Where(line => line.StartsWith("run.", StringComparison.Ordinal) || line.StartsWith("for ", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("run.Input", StringComparison.Ordinal) && !line.StartsWith("run.Output", StringComparison.Ordinal));
        Assert.Equal(statements, actual);
    }
}
