using System.Globalization;
using System.Numerics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ResNet.Generators.Parsing.Evaluation;

/// <summary>
/// C#'s operators and numeric conversions over boxed values. What does not fit its type throws, in an unchecked context
/// too: a declaration never means a number that wrapped around. Null stands for an operation that is not supported.
/// </summary>
internal static class Arithmetic
{
    public static object? Binary(BinaryOperatorKind kind, object left, object right) => (left, right) switch
    {
        (bool a, bool b) => Logic(kind, a, b),
        _ when kind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift => Shift(kind, left, right),
        _ => Promoted(TypeOf(left), TypeOf(right)) switch
        {
            SpecialType.None => null,
            SpecialType.System_Double => Real(kind, Convert.ToDouble(left, Invariant), Convert.ToDouble(right, Invariant)),
            SpecialType.System_Single => Real(kind, Convert.ToSingle(left, Invariant), Convert.ToSingle(right, Invariant)),
            var type => Whole(kind, ToWhole(left), ToWhole(right), type),
        },
    };

    public static object? Unary(UnaryOperatorKind kind, object value) => (kind, value) switch
    {
        (UnaryOperatorKind.Not, bool b) => !b,
        (UnaryOperatorKind.Plus, int or long or uint or ulong or float or double) => value,
        (UnaryOperatorKind.Minus, double d) => -d,
        (UnaryOperatorKind.Minus, float f) => -f,
        (UnaryOperatorKind.Minus, int or long) => Fit(-ToWhole(value), TypeOf(value)),
        (UnaryOperatorKind.BitwiseNegation, int i) => ~i,
        (UnaryOperatorKind.BitwiseNegation, uint u) => ~u,
        (UnaryOperatorKind.BitwiseNegation, long l) => ~l,
        (UnaryOperatorKind.BitwiseNegation, ulong u) => ~u,
        _ => null,
    };

    /// <summary>Converts one number to another type; anything else but a decimal stays what it is.</summary>
    /// <exception cref="OverflowException">It does not fit.</exception>
    public static object? ToType(object? value, SpecialType type) => (value, type) switch
    {
        (decimal, _) => null,
        _ when value is null || TypeOf(value) == SpecialType.None || TypeOf(value) == type => value,
        (_, SpecialType.System_Double) => value is char c ? (double)c : Convert.ToDouble(value, Invariant),
        (_, SpecialType.System_Single) => value is char c ? (float)c : value is double d ? (float)d : Convert.ToSingle(value, Invariant),
        (double d, _) => Fit(new BigInteger(Math.Truncate(d)), type),
        (float f, _) => Fit(new BigInteger(Math.Truncate(f)), type),
        _ => Fit(ToWhole(value), type),
    };

    public static SpecialType TypeOf(object? value) => value switch
    {
        sbyte => SpecialType.System_SByte,
        byte => SpecialType.System_Byte,
        short => SpecialType.System_Int16,
        ushort => SpecialType.System_UInt16,
        int => SpecialType.System_Int32,
        uint => SpecialType.System_UInt32,
        long => SpecialType.System_Int64,
        ulong => SpecialType.System_UInt64,
        float => SpecialType.System_Single,
        double => SpecialType.System_Double,
        char => SpecialType.System_Char,
        _ => SpecialType.None,
    };

    static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>The type that C# computes in: binary numeric promotion.</summary>
    static SpecialType Promoted(SpecialType a, SpecialType b)
    {
        bool Either(SpecialType type) => a == type || b == type;
        bool Signed(SpecialType type) => type is SpecialType.System_SByte or SpecialType.System_Int16 or SpecialType.System_Int32;
        if (Either(SpecialType.None)) return SpecialType.None;
        if (Either(SpecialType.System_Double)) return SpecialType.System_Double;
        if (Either(SpecialType.System_Single)) return SpecialType.System_Single;
        if (Either(SpecialType.System_UInt64)) return SpecialType.System_UInt64;
        if (Either(SpecialType.System_Int64)) return SpecialType.System_Int64;
        if (Either(SpecialType.System_UInt32)) return Signed(a) || Signed(b) ? SpecialType.System_Int64 : SpecialType.System_UInt32;
        return SpecialType.System_Int32;
    }

    static BigInteger ToWhole(object value) =>
        value is char c ? c : value is ulong u ? u : Convert.ToInt64(value, Invariant);

    static object? Fit(BigInteger value, SpecialType type) => type switch
    {
        SpecialType.System_SByte => (sbyte)value,
        SpecialType.System_Byte => (byte)value,
        SpecialType.System_Int16 => (short)value,
        SpecialType.System_UInt16 => (ushort)value,
        SpecialType.System_Char => (char)(ushort)value,
        SpecialType.System_Int32 => (int)value,
        SpecialType.System_UInt32 => (uint)value,
        SpecialType.System_Int64 => (long)value,
        SpecialType.System_UInt64 => (ulong)value,
        _ => null,
    };

    static object? Whole(BinaryOperatorKind kind, BigInteger a, BigInteger b, SpecialType type) => kind switch
    {
        BinaryOperatorKind.Add => Fit(a + b, type),
        BinaryOperatorKind.Subtract => Fit(a - b, type),
        BinaryOperatorKind.Multiply => Fit(a * b, type),
        BinaryOperatorKind.Divide => Fit(a / b, type),
        BinaryOperatorKind.Remainder => Fit(a % b, type),
        BinaryOperatorKind.And => Fit(a & b, type),
        BinaryOperatorKind.Or => Fit(a | b, type),
        BinaryOperatorKind.ExclusiveOr => Fit(a ^ b, type),
        BinaryOperatorKind.Equals => a == b,
        BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    static object? Real(BinaryOperatorKind kind, double a, double b) => kind switch
    {
        BinaryOperatorKind.Add => a + b,
        BinaryOperatorKind.Subtract => a - b,
        BinaryOperatorKind.Multiply => a * b,
        BinaryOperatorKind.Divide => a / b,
        BinaryOperatorKind.Remainder => a % b,
        // IEEE's comparisons, where NaN equals nothing: object.Equals would differ.
        BinaryOperatorKind.Equals => a == b,
        BinaryOperatorKind.NotEquals => a != b,
        BinaryOperatorKind.LessThan => a < b,
        BinaryOperatorKind.LessThanOrEqual => a <= b,
        BinaryOperatorKind.GreaterThan => a > b,
        BinaryOperatorKind.GreaterThanOrEqual => a >= b,
        _ => null,
    };

    /// <summary>Operations on floats are those on doubles, rounded once: with 53 bits that is exact for all of them.</summary>
    static object? Real(BinaryOperatorKind kind, float a, float b) =>
        Real(kind, (double)a, b) is var result && result is double value ? (float)value : result;

    static object? Logic(BinaryOperatorKind kind, bool a, bool b) => kind switch
    {
        BinaryOperatorKind.And => a & b,
        BinaryOperatorKind.Or => a | b,
        BinaryOperatorKind.ExclusiveOr or BinaryOperatorKind.NotEquals => a ^ b,
        BinaryOperatorKind.Equals => a == b,
        _ => null,
    };

    static object? Shift(BinaryOperatorKind kind, object value, object count) => (kind, value, count) switch
    {
        (BinaryOperatorKind.LeftShift, int a, int n) => a << n,
        (BinaryOperatorKind.LeftShift, uint a, int n) => a << n,
        (BinaryOperatorKind.LeftShift, long a, int n) => a << n,
        (BinaryOperatorKind.LeftShift, ulong a, int n) => a << n,
        (BinaryOperatorKind.RightShift, int a, int n) => a >> n,
        (BinaryOperatorKind.RightShift, uint a, int n) => a >> n,
        (BinaryOperatorKind.RightShift, long a, int n) => a >> n,
        (BinaryOperatorKind.RightShift, ulong a, int n) => a >> n,
        (BinaryOperatorKind.UnsignedRightShift, int a, int n) => a >>> n,
        (BinaryOperatorKind.UnsignedRightShift, uint a, int n) => a >>> n,
        (BinaryOperatorKind.UnsignedRightShift, long a, int n) => a >>> n,
        (BinaryOperatorKind.UnsignedRightShift, ulong a, int n) => a >>> n,
        _ => null,
    };
}
