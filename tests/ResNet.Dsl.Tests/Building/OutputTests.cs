namespace ResNet.Dsl.Tests.Building;

public class OutputTests
{
    static IEnumerable<string> Outputs(Action<NetworkBuilder> layers) => Declare.Network(layers).Outputs.Select(output => $"{output.Name} {output.Shape}");

    [Fact]
    public void The_end_is_the_output_unless_it_is_named()
    {
        Assert.Equal(["output 5"], Outputs(net => net.GlobalAveragePool().Dense(5)));
        Assert.Equal(["logits 5"], Outputs(net => net.GlobalAveragePool().Dense(5).Output("logits")));
        Assert.Equal(["logits 5"], Outputs(net => net.Sequence(head => head.GlobalAveragePool().Dense(5).Output("logits").Tap("here"))));
        Assert.Equal(["maps 3×32×32", "output 3×32×32"], Outputs(net => net.Output("maps").Relu()));
    }

    [Fact]
    public void A_branch_ends_in_an_output_and_the_chain_goes_on_from_its_beginning()
    {
        var net = Declare.Network(net => net.Conv(4, 3).Branch("boxes", b => b.Conv(8, 1).Branch("scores", s => s.Conv(2, 1)).Relu()).Conv(5, 1));
        Assert.Equal(["scores 2×30×30", "boxes 8×30×30", "output 5×30×30"], net.Outputs.Select(output => $"{output.Name} {output.Shape}"));
        Assert.Equal(["conv1", "boxes.conv1", "boxes.scores.conv1", "boxes.scores", "boxes.relu", "boxes", "conv2"], net.Layers().Select(layer => layer.Name));
        Assert.Equal(new Shape(4, 30, 30), net.Layers()[^1].Input);
    }

    [Fact]
    public void A_network_that_ends_with_branches_has_no_other_end()
    {
        var net = Declare.Network(net => net.Conv(4, 3).Branch("a", b => b.Conv(6, 1)).Branch("b", b => b.Conv(7, 1)).Tap("maps"));
        Assert.Equal(["a", "b"], net.Outputs.Select(output => output.Name));
        Assert.Equal(new Shape(7, 30, 30), net.Output);
        Assert.Equal(["value 4×30×30", "a 6×30×30"], Outputs(net => net.Conv(4, 3).Output("value").Branch("a", b => b.Conv(6, 1))));
    }

    [Fact]
    public void Outputs_stand_anywhere_but_in_a_body_that_is_repeated()
    {
        Assert.Equal(["a 3×32×32", "b 3×32×32", "c 3×32×32", "output 3×32×32"], Outputs(net => net
            .Repeat(1, n => n.Output("a")).Residual(r => r.Output("b").Relu(), s => s.Branch("c", b => b.Relu()))));
        Declare.LayersFail("RESNET015", "body", net => net.Repeat(2, n => n.Relu().Output("a")), "An output", "2 times");
        Declare.LayersFail("RESNET015", "body", net => net.Repeat(2, n => n.Branch("a", b => b.Relu())), "An output");
    }

    [Fact]
    public void Names_of_outputs_are_unique_and_given()
    {
        Declare.LayersFail("RESNET015", "name", net => net.Output("a").Relu().Output("a"), "\"a\" is taken");
        Declare.LayersFail("RESNET015", "name", net => net.Output("a").Branch("a", b => b.Relu()), "\"a\" is taken");
        Declare.LayersFail("RESNET015", "name", net => net.Branch("a", b => b.Output("a").Relu()), "\"a\" is taken");
        Declare.LayersFail("RESNET015", "name", net => net.Branch("", b => b.Relu()), "is no name");
        Declare.LayersFail("RESNET015", "name", net => net.Output("a b"), "is no name");
        Declare.LayersFail("RESNET015", "name", net => net.Output(null!), "is no name");
        Declare.LayersFail("RESNET015", "name", net => net.Conv(4, 3, name: "a").Branch("a", b => b.Conv(4, 3)), "\"a\" is taken");
        Declare.LayersFail("RESNET012", null, _ => new NetworkBuilder().Output("a"));
        Declare.Fails("RESNET015", null, () => Declare.Network(net => net.Output("output").Relu()), "the end of the network");
        Assert.Equal(["output 3×32×32"], Outputs(net => net.Relu().Output("output")));
    }
}
