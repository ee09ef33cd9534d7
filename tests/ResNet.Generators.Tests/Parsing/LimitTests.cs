using Microsoft.CodeAnalysis;
using ResNet.Dsl;
using ResNet.Generators.Parsing;
using ResNet.Generators.Parsing.Evaluation;
using Xunit.Abstractions;

namespace ResNet.Generators.Tests.Parsing;

public class LimitTests(ITestOutputHelper output)
{
    [Fact]
    public void A_long_chain_of_calls_is_read() =>
        Assert.Equal(1000, Generation.ModelOf(Source.Network("net.Input(3, 8, 8)" + string.Concat(Enumerable.Repeat(".Relu()", 1000)) + ";")).Definition.Body.Layers.Count);

    [Theory]
    [InlineData(1, 250)]
    [InlineData(60, 25)]
    public void What_is_nested_deeper_than_the_stack_is_an_error_and_no_crash(int calls, int parentheses)
    {
        DeclarationException? error = null;
        var helpers = Enumerable.Range(0, calls).Select(i =>
            $"static int F{i}() => " + string.Concat(Enumerable.Repeat("-(", parentheses)) + $"F{i + 1}()" + new string(')', parentheses) + ";");
        var (interpreter, define) = Interpreter(Source.Network("net.Input(3, 8, 8).Conv(F0(), 1);", string.Concat(helpers) + $"static int F{calls}() => 1;"));
        var thread = new Thread(() => error = Record.Exception(() => interpreter.Run(define, new NetworkBuilder())) as DeclarationException, maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("RESNET016", error?.Diagnostic.Descriptor.Id);
        Assert.Contains(error!.Diagnostic.Arguments, argument => argument.Contains("nested too deeply", StringComparison.Ordinal));
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        var (interpreter, define) = Interpreter(Source.Network("net.Input(3, 8, 8); while (true) { }"), new(canceled: true));
        Assert.Throws<OperationCanceledException>(() => interpreter.Run(define, new NetworkBuilder()));
    }

    /// <summary>Memory stands for work, and does not depend on the machine: half a megabyte, so that the bound only catches what is wrong by far.</summary>
    [Fact]
    public void A_typical_network_is_read_in_little_memory()
    {
        var best = Enumerable.Range(0, 5).Min(_ =>
        {
            var (interpreter, define) = Interpreter(Source.Network("""
                net.Input(3, 224, 224).Conv(64, 7, stride: 2, padding: 3).BatchNorm().Relu().MaxPool(3, 2, 1);
                foreach (var (width, count) in new[] { (64, 3), (128, 4), (256, 6), (512, 3) })
                    for (var i = 0; i < count; i++)
                        net.Residual(r => r.Conv(width, 3, stride: i == 0 && width > 64 ? 2 : 1, padding: 1).BatchNorm().Relu().Conv(width, 3, padding: 1).BatchNorm(), Shortcut.Projection);
                net.GlobalAveragePool().Dense(1000);
                """));
            var net = new NetworkBuilder();
            var before = GC.GetAllocatedBytesForCurrentThread();
            interpreter.Run(define, net);
            Assert.Equal(1000, net.Shape.Channels);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        output.WriteLine($"{best:N0} bytes");
        Assert.InRange(best, 1, 2 << 20);
    }

    static (Interpreter Interpreter, IMethodSymbol Define) Interpreter(string source, CancellationToken cancellation = default)
    {
        var compilation = Source.Compile(source);
        var define = compilation.GetTypeByMetadataName("Net")!.GetMembers("Define").OfType<IMethodSymbol>().Single();
        return (new(compilation, compilation.GetTypeByMetadataName(typeof(NetworkBuilder).FullName!)!, cancellation), define);
    }
}
