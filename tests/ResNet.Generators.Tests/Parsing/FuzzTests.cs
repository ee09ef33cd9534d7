using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ResNet.Dsl;
using ResNet.Generators.Model;

namespace ResNet.Generators.Tests.Parsing;

/// <summary>Random declarations: the generator and the processor agree on the network, or on the exception.</summary>
public class FuzzTests
{
    const int Networks = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_declarations_have_one_meaning(int seed)
    {
        var programs = new RandomProgram(seed);
        var lines = Enumerable.Range(0, Networks).Select(i =>
            $"[Network] partial class Net{i} {{ static void Define(NetworkBuilder net) {{ net.Input(3, 8, 8); {programs.Next()} }} }}").ToArray();
        // Some are no C#: constants that overflow, cases that are never reached.
        var invalid = Compile(lines).GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(LineOf).ToHashSet();
        lines = [.. lines.Where((_, i) => !invalid.Contains(i))];
        Assert.InRange(lines.Length, Networks / 2, Networks);
        var compilation = Compile(lines);
        var run = Generation.Of(compilation);
        var models = run.Models.OfType<NetworkModel>().ToDictionary(model => model.Place.Name, model => model.Definition);
        var errors = run.Diagnostics.ToDictionary(LineOf, found => found.GetMessage(CultureInfo.InvariantCulture));

        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.True(emitted.Success);
        assembly.Position = 0;
        var context = new AssemblyLoadContext(null, isCollectible: true);
        var types = context.LoadFromStream(assembly);
        for (var i = 0; i < lines.Length; i++)
        {
            var type = types.GetType(lines[i].Split(' ')[3])!;
            var executed = Execute(type, out var exception);
            var read = models.GetValueOrDefault(type.Name);
            var message = errors.GetValueOrDefault(i) ?? "";
            var isSame = exception switch
            {
                null => executed!.Equals(read),
                NetworkException => message == exception.Message,
                _ => message.StartsWith($"This throws {exception.GetType().Name}: ", StringComparison.Ordinal),
            };
            Assert.True(isSame, $"{lines[i]}\nexecuted: {executed?.Body.Layers[0]} {exception?.Message}\nread: {read?.Body.Layers[0]} {message}");
        }
        context.Unload();
        Assert.InRange(models.Count, lines.Length / 2, lines.Length - 1);
    }

    /// <summary>One network a line. Overflow is an error of a declaration, so the processor has to notice it too.</summary>
    static CSharpCompilation Compile(IEnumerable<string> lines)
    {
        var compilation = Source.Compile(Source.Usings + string.Join("\n", lines));
        return compilation.WithOptions(compilation.Options.WithOverflowChecks(true));
    }

    static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line - 1;

    static NetworkDefinition? Execute(Type type, out Exception? exception)
    {
        var net = new NetworkBuilder();
        exception = Record.Exception(() => type.GetMethod("Define", BindingFlags.Static | BindingFlags.NonPublic)!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [net], null));
        return exception is null ? net.Build(type.Name) : null;
    }

    /// <summary>Writes bodies of <c>Define</c> over five variables, whose values become the name of a tap.</summary>
    sealed class RandomProgram(int seed)
    {
        readonly Random _random = new(seed);
        int _loops;

        public string Next() =>
            $"int i = {_random.Next(-9, 9)}; long l = {_random.Next()}L; double d = {_random.Next(-9, 9)} / 4.0; bool b = {Pick("true", "false")}; string s = \"x\"; "
            + string.Concat(Enumerable.Range(0, 3).Select(_ => Statement(2)))
            + "net.Tap($\"i{i}_l{l}_b{b}_s{s}_d{d}\");";

        string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

        string Statement(int depth) => _random.Next(depth > 0 ? 12 : 7) switch
        {
            0 => $"i = {Int(3)}; ",
            1 => $"l = {Long(3)}; ",
            2 => $"d = {Double(3)}; ",
            3 => $"b = {Bool(3)}; ",
            4 => $"s = {Text(2)}; ",
            5 => $"i {Pick("+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>")}= {Int(2)}; ",
            6 => Pick("i++; ", "--l; ", "d--; ", "s += i; ", "l += i; ", "(i, l) = (i + 1, i); "),
            7 => $"if ({Bool(2)}) {{ {Statement(depth - 1)}}} else {{ {Statement(depth - 1)}}} ",
            8 => Loop(depth),
            9 => $"foreach (var x{++_loops} in new[] {{ {Int(2)}, {Int(1)} }}) {{ if ({Bool(1)}) {Pick("continue", "break")}; i -= x{_loops}; }} ",
            10 => $"switch ({Int(2)}) {{ case 1: {Statement(depth - 1)}break; case > 2 when {Bool(1)}: {Statement(depth - 1)}break; default: {Statement(depth - 1)}break; }} ",
            _ => $"{{ int Local{++_loops}(int x, long y = {_random.Next(9)}) => x > 3 ? {Int(1)} : (int)(y % 7) + x; i = Local{_loops}({Int(2)}); }} ",
        };

        string Loop(int depth)
        {
            var counter = $"c{++_loops}";
            return $"for (var {counter} = 0; {counter} < {_random.Next(4)}; {counter}++) {{ i += {counter}; {Statement(depth - 1)}}} ";
        }

        string Int(int depth) => depth == 0 ? Pick("i", "3", "-7", "2", "i", "s.Length") : _random.Next(9) switch
        {
            0 => $"({Int(depth - 1)} {Pick("+", "-", "*")} {Int(depth - 1)})",
            1 => $"({Int(depth - 1)} {Pick("/", "%", "&", "|", "^")} ({Int(depth - 1)}))",
            2 => $"({Int(depth - 1)} {Pick("<<", ">>", ">>>")} {Int(depth - 1)})",
            3 => $"({Bool(depth - 1)} ? {Int(depth - 1)} : {Int(depth - 1)})",
            4 => $"{Pick("-", "~", "+")}({Int(depth - 1)})",
            5 => $"(int)({Pick(Double(depth - 1), Long(depth - 1))})",
            6 => $"Math.{Pick("Max", "Min")}({Int(depth - 1)}, {Int(depth - 1)})",
            7 => $"({Int(depth - 1)} switch {{ < 0 => {Int(depth - 1)}, 1 or 3 => 5, var y => y {Pick("+", "-")} 1 }})",
            _ => Int(0),
        };

        string Long(int depth) => depth == 0 ? Pick("l", "5000000000L", "i") : _random.Next(3) switch
        {
            0 => $"({Long(depth - 1)} {Pick("+", "-", "*", "/", "%", "^")} ({Pick(Long(depth - 1), Int(depth - 1))}))",
            1 => $"({Long(depth - 1)} {Pick("<<", ">>")} {Int(depth - 1)})",
            _ => Long(0),
        };

        string Double(int depth) => depth == 0 ? Pick("d", "0.1", "i", "-2.5", "1e9") : _random.Next(4) switch
        {
            0 => $"({Double(depth - 1)} {Pick("+", "-", "*", "/", "%")} ({Pick(Double(depth - 1), Int(depth - 1))}))",
            1 => $"Math.{Pick("Floor", "Ceiling", "Abs", "Sqrt", "Truncate", "Round")}((double)({Double(depth - 1)}))",
            2 => $"({Bool(depth - 1)} ? {Double(depth - 1)} : {Int(depth - 1)})",
            _ => Double(0),
        };

        string Bool(int depth) => depth == 0 ? Pick("b", "i > 2", "s == \"x\"") : _random.Next(5) switch
        {
            0 => $"({Int(depth - 1)} {Comparison} {Long(depth - 1)})",
            1 => $"({Double(depth - 1)} {Comparison} {Double(depth - 1)})",
            2 => $"({Bool(depth - 1)} {Pick("&&", "||", "&", "|", "^", "==", "!=")} {Bool(depth - 1)})",
            3 => $"({Int(depth - 1)} is > -3 and not 4)",
            _ => $"!({Bool(depth - 1)})",
        };

        string Comparison => Pick("<", "<=", ">", ">=", "==", "!=");

        string Text(int depth) => depth == 0 ? Pick("s", "\"y\"") : _random.Next(3) switch
        {
            0 => $"({Text(depth - 1)} + {Pick(Int(depth - 1), Bool(depth - 1), Text(depth - 1))})",
            1 => $"($\"{{{Int(depth - 1)}:D2}}{{({Bool(depth - 1)}),6}}z\".Length > 8 ? \"p\" : {Text(depth - 1)})",
            _ => Text(0),
        };
    }
}
