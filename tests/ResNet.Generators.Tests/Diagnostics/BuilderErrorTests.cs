using ResNet.Dsl;

namespace ResNet.Generators.Tests.Diagnostics;

public class BuilderErrorTests
{
    [Theory]
    [InlineData("RESNET006", "channels is 0", "net.Conv([|0|], 3);")]
    [InlineData("RESNET006", "stride is -1", "net.Conv(4, 3, [|stride: -1|]);")]
    [InlineData("RESNET006", "rate is 1", "net.Dropout([|1.0|]);")]
    [InlineData("RESNET006", "rate is -0.1", "net.Repeat(2, n => n.Residual(r => r.Conv(3, 1).StochasticDepth([|rate: -0.1|])));")]
    [InlineData("RESNET006", "count is 0", "net.Repeat([|0|], n => n.Relu());")]
    [InlineData("RESNET007", "does not fit", "net.Relu().Conv(4, kernel: 3).Conv(4, [|kernel: 40|]);")]
    [InlineData("RESNET008", "shrink", "net.GlobalAveragePool().Conv(4, 1, [|2|]);")]
    [InlineData("RESNET009", "3×32×32 into 8×32×32", "net.[|Residual|](r => r.Conv(8, 1));")]
    [InlineData("RESNET009", "use Shortcut.Projection", "net.Residual(r => r.Conv(8, 1), [|Shortcut.Identity|]);")]
    [InlineData("RESNET009", "they are added", "net.Residual(r => r.Conv(8, 1), [|s => s.Conv(4, 1)|]);")]
    [InlineData("RESNET010", "2 groups", "net.Conv(8, 1, [|groups: 2|]);")]
    [InlineData("RESNET011", "GlobalAveragePool()", "net.[|Dense|](10);")]
    [InlineData("RESNET011", "Flatten()", "net.[|Dense|](10);")]
    [InlineData("RESNET006", "131072 values", "net.Conv(128, 1).[|Flatten|]();")]
    [InlineData("RESNET006", "factor is Infinity", "net.Scale([|factor: double.PositiveInfinity|], 1);")]
    [InlineData("RESNET009", "they are multiplied", "net.Residual(r => r.Conv(8, 1), [|s => s.Conv(4, 1)|], merge: Merge.Product);")]
    [InlineData("RESNET015", "\"a\" is taken", "net.Output(\"a\").Branch([|\"a\"|], b => b.Relu());")]
    [InlineData("RESNET015", "An output inside", "net.Repeat(2, [|n => n.Output(\"a\")|]);")]
    [InlineData("RESNET013", "3×32×32", "net.Relu().[|Input|](3, 32, 32);")]
    [InlineData("RESNET015", "\"a\" is taken", "net.Tap(\"a\").Tap([|\"a\"|]);")]
    [InlineData("RESNET015", "is no name", "net.Conv(4, 1, [|name: \" \"|]);")]
    [InlineData("RESNET023", "the parameter of the lambda", "net.Repeat(2, n => net.[|Relu|]());")]
    [InlineData("RESNET023", "the parameter of the lambda", "net.Repeat(2, n => n.Conv(net.[|Shape|].Channels, 1));")]
    public void The_wrong_argument_is_marked_or_the_call(string id, string text, string body)
    {
        MarkedSource.BodyYields(body, id, text);
        // Executed, the same call throws the same error.
        var error = Assert.Throws<NetworkException>(() => Source.Execute(MarkedSource.Parse(Source.Network($"net.Input(3, 32, 32);\n{body}")).Text));
        Assert.Equal(id, error.Id);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RESNET007", "net.Repeat(2, n => n.Residual(r => r.Relu().Conv(3, [|99|])));")]
    [InlineData("RESNET007", "Action<NetworkBuilder> wrong = n => n.Conv(3, [|99|]); net.Repeat(2, n => wrong(n));")]
    [InlineData("RESNET007", "for (var i = 90; ; i++) { Unit(net, i); } static void Unit(NetworkBuilder n, int kernel) => n.Conv(4, [|kernel|]);")]
    [InlineData("RESNET007", "net.Helper(99);")]
    [InlineData("RESNET007", "foreach (var k in new[] { 3, 7, 99 }) net.Conv(4, [|k|]);")]
    public void Within_a_lambda_or_helper_the_inner_call_is_marked(string id, string body) =>
        MarkedSource.BodyYields(body, id, "kernel", types: body.Contains("Helper", StringComparison.Ordinal)
            ? "static class H { public static void Helper(this NetworkBuilder net, int k) => net.Conv(4, [|k|]); }"
            : "");

    [Theory]
    [InlineData("RESNET012", "begin with Input", "net.[|Conv|](3, 3);")]
    [InlineData("RESNET012", "begin with Input", "net.Conv(net.[|Shape|].Channels, 3);")]
    [InlineData("RESNET006", "height is 0", "net.Input(3, [|0|], 8);")]
    public void Without_an_input(string id, string text, string body) => MarkedSource.Yields(Source.Network(body), id, text);

    [Theory]
    [InlineData("RESNET012", "")]
    [InlineData("RESNET014", "net.Input(3, 8, 8);")]
    public void A_network_of_nothing_is_marked_at_Define(string id, string body) => MarkedSource.Yields(
        $$"""{{Source.Usings}} [Network] partial class Net { static void [|Define|](NetworkBuilder net) { {{body}} } }""", id, "The network has no");
}
