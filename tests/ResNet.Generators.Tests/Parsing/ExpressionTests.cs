namespace ResNet.Generators.Tests.Parsing;

public class ExpressionTests
{
    const string Values = """
        static int I(int x) => x;
        static long L(long x) => x;
        static double D(double x) => x;
        static float F(float x) => x;
        static uint U(uint x) => x;
        static ulong UL(ulong x) => x;
        static byte B(byte x) => x;
        static short S(short x) => x;
        static char C(char x) => x;
        static bool T(bool x) => x;
        static string Str(string x) => x;
        static int? N(int? x) => x;
        """;

    [Theory]
    [InlineData("I(7) / 2 * 3 - -I(4) % 3")]
    [InlineData("I(-7) / 2 + I(-7) % 3 * 100")]
    [InlineData("(I(13) & 6) + (I(8) | 3) * 100 + (I(5) ^ 1) * 1000 + ~I(4)")]
    [InlineData("(I(1) << 5) + (I(-64) >> 3) + (I(-1) >>> 28) + (I(1) << 33)")]
    [InlineData("L(1) << 40")]
    [InlineData("UL(18446744073709551615UL) >> 60")]
    [InlineData("U(4000000000) + I(1)")]
    [InlineData("L(5) * I(1000000000)")]
    [InlineData("I(3) * 0.5 + D(1) / 4")]
    [InlineData("F(0.1f) + F(0.2f)")]
    [InlineData("F(16777216f) + 1f")]
    [InlineData("D(0.1) + D(0.2)")]
    [InlineData("D(7.5) % 2")]
    [InlineData("(int)D(2.9) + (int)D(-2.9)")]
    [InlineData("(long)F(1e10f)")]
    [InlineData("(byte)I(200) + B(100)")]
    [InlineData("C('a') + 1")]
    [InlineData("(char)(C('a') + 1)")]
    [InlineData("(double)L(9007199254740993)")]
    [InlineData("S(3) + B(4)")]
    [InlineData("(short)I(-3)")]
    [InlineData("+I(3) - (+L(2))")]
    [InlineData("1e-5 * D(1)")]
    public void Arithmetic(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("I(3) < 4 && !(D(0.5) >= 1) || T(false)")]
    [InlineData("T(true) ^ T(true) | T(false) & T(true)")]
    [InlineData("I(3) == 3L && U(3) != 4 && D(3) == I(3)")]
    [InlineData("D(double.NaN) == D(double.NaN)")]
    [InlineData("D(double.NaN) != D(double.NaN)")]
    [InlineData("Str(\"a\") == \"a\" && Str(\"a\") != Str(\"b\")")]
    [InlineData("Str(null!) == null")]
    [InlineData("(I(1), \"x\") == (1L, Str(\"x\")) && (I(1), 2) != (1, I(3))")]
    [InlineData("T(false) && I(1) / I(0) == 0")]
    [InlineData("T(true) || I(1) / I(0) == 0")]
    [InlineData("C('b') > 'a'")]
    [InlineData("net.Shape == net.Shape")]
    public void Logic(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("N(null) ?? 5")]
    [InlineData("N(3) ?? 5")]
    [InlineData("N(null) + 1 ?? 9")]
    [InlineData("N(null) > 1")]
    [InlineData("N(null) == null")]
    [InlineData("N(4) == 4 && N(4) >= N(4)")]
    [InlineData("N(4).HasValue && N(4)!.Value == 4 && !N(null).HasValue")]
    [InlineData("(int)N(6)! + 1")]
    [InlineData("N(3) is int n ? n : -1")]
    [InlineData("N(null) is { } n ? n : -1")]
    [InlineData("Str(null!) ?? \"none\"")]
    public void Null(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("I(3) > 2 ? \"a\" : \"b\"")]
    [InlineData("I(3) > 4 ? 1 : 2.5")]
    [InlineData("I(50) switch { 18 or 34 => 1, >= 50 and not 60 => 4, _ => 0 }")]
    [InlineData("I(60) switch { 18 or 34 => 1, >= 50 and not 60 => 4, _ => 0 }")]
    [InlineData("(I(1), I(2)) switch { (2, _) => 1, (1, > 1) => 2, _ => 3 }")]
    [InlineData("I(4) switch { var x when x > 5 => x, var y => y * 10 }")]
    [InlineData("Str(\"b\") switch { \"a\" => 1, \"b\" => 2, _ => 3 }")]
    [InlineData("I(3) is > 1 and < 5")]
    [InlineData("I(3) is 1 or 2")]
    [InlineData("(I(1), (I(2), 3)) is (1, (var a, 3)) && a == 2")]
    public void Choice(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("$\"{I(7):D3}-{I(7),3}_\".Length")]
    [InlineData("$\"{I(7):D3}{D(0.5):F2}{I(255):x}\"")]
    [InlineData("\"a\" + I(1) + 'c' + D(0.25) + T(true) + Shortcut.Projection")]
    [InlineData("$\"{Shortcut.ZeroPad}{Activation.None}\"")]
    [InlineData("nameof(Shortcut) + nameof(net)")]
    [InlineData("Str(\"word\").Length + Str(\"word\")[1]")]
    [InlineData("$\"{net.Shape.Channels}_{net.Shape.Height}_{net.Shape.Elements}_{net.Shape.IsVector}\"")]
    [InlineData("1.0 / 3")]
    [InlineData("D(1) / 3")]
    public void Text(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("new[] { 3, 4, 6, 3 }[I(2)]")]
    [InlineData("new int[3].Length")]
    [InlineData("(new int[3])[1]")]
    [InlineData("new[] { 1, 2, 3 }[^I(1)]")]
    [InlineData("new[] { new[] { 1 }, new[] { 2, 3 } }[1][1]")]
    [InlineData("((int[])[1, .. new[] { 2, 3 }, 4]).Length")]
    [InlineData("new (int Width, string Name)[] { (1, \"a\"), (2, \"b\") }[1].Name")]
    [InlineData("((int, int))(1, 2) is var t ? t.Item1 + t.Item2 : 0")]
    [InlineData("((long Big, double))(I(1), 2) is var t ? t.Big + t.Item2 : 0")]
    [InlineData("(a: I(1), b: 2).b")]
    [InlineData("new long[] { I(1), 2 }[0] + 3000000000")]
    [InlineData("(new bool[1])[0]")]
    [InlineData("(new string?[1])[0] ?? \"null\"")]
    public void Collections(string expression) => OneMeaning.HoldsFor(expression, Values);

    [Theory]
    [InlineData("Math.Max(I(3), 4) + Math.Min(2, I(1)) + Math.Abs(I(-5))")]
    [InlineData("Math.Pow(2, I(5))")]
    [InlineData("(int)Math.Round(D(2.5)) + (int)Math.Ceiling(D(1.1)) + Math.Sqrt(I(16)) + Math.Sign(I(-4))")]
    [InlineData("(int)Math.Floor(Math.Log(D(64), 2))")]
    [InlineData("Math.PI")]
    [InlineData("int.MaxValue")]
    [InlineData("Enumerable.Range(I(3), 4).Count()", false)]
    public void Library(string expression, bool isKnown = true)
    {
        if (isKnown) OneMeaning.HoldsFor(expression, Values);
        else Assert.Equal("RESNET017", Assert.Single(Generation.Of(Source.Network($"net.Conv({expression}, 1);", Values)).Diagnostics).Id);
    }

    [Theory]
    [InlineData("int x = 5; x += 2; x *= 3; x -= 1; x /= 4; x %= 3; x <<= 4; x |= 1; x ^= 3; x &= 30; net.Tap($\"t{x}\");")]
    [InlineData("byte x = 250; x += 5; long y = 1; y += x; y++; --y; double d = 3; d /= 2; d++; net.Tap($\"t{x}_{y}_{d}\");")]
    [InlineData("var x = 3; var a = x++; var b = ++x; var c = x--; net.Tap($\"t{a}{b}{c}{x}\");")]
    [InlineData("string s = \"a\"; s += 1; s += 'x'; net.Tap(s);")]
    [InlineData("int a, b; a = b = 4; net.Tap($\"t{a}{b}\");")]
    [InlineData("var (a, b) = (1, \"x\"); (a, var c) = (a + 1, b); net.Tap($\"t{a}{b}{c}\");")]
    [InlineData("int a = 1, b = 2; (a, b) = (b, a); net.Tap($\"t{a}{b}\");")]
    [InlineData("(long a, _) = (1, 2); net.Tap($\"t{a + 3000000000}\");")]
    [InlineData("var (c, h, w) = net.Shape; net.Tap($\"t{c}{h}{w}\");")]
    [InlineData("var a = new int[2]; a[0] = 3; a[1] += 4; a[^1]++; var alias = a; alias[0]--; net.Tap($\"t{a[0]}{a[1]}\");")]
    [InlineData("var a = new int[3]; var i = 0; a[i++] = i * 10; a[i++] += 5; a[i++]--; (a[--i], i) = (7, 9); net.Tap($\"t{a[0]}_{a[1]}_{a[2]}_{i}\");")]
    [InlineData("int? n = null; n ??= 4; n ??= 5; net.Tap($\"t{n}\");")]
    [InlineData("const int Width = 16; net.Conv(Width, 1);")]
    [InlineData("char c = 'a'; c++; net.Tap($\"{c}\");")]
    public void Assignment(string body) => OneMeaning.Holds(body);
}
