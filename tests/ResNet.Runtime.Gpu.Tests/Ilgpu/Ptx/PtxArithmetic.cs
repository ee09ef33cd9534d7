using System.Numerics;

namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// The instructions of PTX that compute in registers. A register is 64 bits, of which a type of 32 uses the lower, and a
/// predicate is 0 or 1.
/// </summary>
static class PtxArithmetic
{
    /// <summary>Compiles an instruction.</summary>
    /// <param name="text">As it was written, for errors.</param>
    /// <param name="opcode">Its name with modifiers and types.</param>
    /// <param name="slots">The slots of its operands, the result's first.</param>
    public static Action<PtxThread> Compile(string text, string opcode, int[] slots)
    {
        var parts = opcode.Split('.');
        var (d, a) = (slots[0], slots[1]);
        var (b, c) = (slots.Length > 2 ? slots[2] : -1, slots.Length > 3 ? slots[3] : -1);
        switch (parts[0])
        {
            case "mov" or "cvta":
                return t => t.R[d] = t.R[a];
            case "cvt":
                var convert = Conversion(text, opcode);
                return b < 0 ? t => t.R[d] = convert(t.R[a], 0) : t => t.R[d] = convert(t.R[a], t.R[b]);
            case "setp":
                var holds = Comparison(text, parts[1], parts[^1]);
                return t => t.R[d] = holds(t.R[a], t.R[b]) ? 1u : 0u;
            case "selp":
                return t => t.R[d] = t.R[c] != 0 ? t.R[a] : t.R[b];
            case "fma" or "mad":
                var combine = Combination(text, opcode);
                return t => t.R[d] = combine(t.R[a], t.R[b], t.R[c]);
            case "neg" or "not" or "sqrt" or "lg2" or "ex2" or "testp":
                var change = Unary(text, opcode);
                return t => t.R[d] = change(t.R[a]);
            default:
                var compute = Binary(text, opcode);
                return t => t.R[d] = compute(t.R[a], t.R[b]);
        }
    }

    static Func<ulong, ulong, ulong> Binary(string text, string opcode) => opcode switch
    {
        "add.f32" => (a, b) => Bits(Float(a) + Float(b)),
        "sub.f32" => (a, b) => Bits(Float(a) - Float(b)),
        "mul.f32" => (a, b) => Bits(Float(a) * Float(b)),
        "div.rn.f32" => (a, b) => Bits(Float(a) / Float(b)),
        "max.f32" => (a, b) => Bits(Math.Max(Float(a), Float(b))),
        "add.s32" or "add.u32" => (a, b) => (uint)(a + b),
        "add.s64" or "add.u64" => (a, b) => a + b,
        "sub.s32" or "sub.u32" => (a, b) => (uint)(a - b),
        "sub.s64" or "sub.u64" => (a, b) => a - b,
        "mul.lo.s32" or "mul.lo.u32" => (a, b) => (uint)(a * b),
        "mul.lo.s64" or "mul.lo.u64" => (a, b) => a * b,
        "mul.wide.u32" => (a, b) => (ulong)(uint)a * (uint)b,
        "mul.wide.s32" => (a, b) => (ulong)((long)(int)a * (int)b),
        "mul.hi.u32" => (a, b) => ((ulong)(uint)a * (uint)b) >> 32,
        "and.b32" or "and.b64" or "and.pred" => (a, b) => a & b,
        "or.b32" or "or.b64" or "or.pred" => (a, b) => a | b,
        "xor.b32" or "xor.b64" or "xor.pred" => (a, b) => a ^ b,
        "min.s32" => (a, b) => (uint)Math.Min((int)a, (int)b),
        "max.s32" => (a, b) => (uint)Math.Max((int)a, (int)b),
        // Shifts by more than the width shift everything out.
        "shl.b32" => (a, b) => (uint)b > 31 ? 0 : (uint)a << (int)b,
        "shr.u32" => (a, b) => (uint)b > 31 ? 0 : (uint)a >> (int)b,
        "shr.s32" => (a, b) => (uint)((int)a >> (int)Math.Min((uint)b, 31)),
        "shl.b64" => (a, b) => (uint)b > 63 ? 0 : a << (int)b,
        "shr.u64" => (a, b) => (uint)b > 63 ? 0 : a >> (int)b,
        _ => throw new NotSupportedException(text),
    };

    static Func<ulong, ulong> Unary(string text, string opcode) => opcode switch
    {
        "neg.f32" => a => Bits(-Float(a)),
        "neg.s32" => a => (uint)-(int)a,
        "sqrt.rn.f32" => a => Bits(MathF.Sqrt(Float(a))),
        "lg2.approx.f32" => a => Bits(MathF.Log2(Float(a))),
        "ex2.approx.f32" => a => Bits(MathF.Pow(2, Float(a))),
        "testp.notanumber.f32" => a => float.IsNaN(Float(a)) ? 1u : 0,
        "not.b32" => a => ~(uint)a,
        "not.pred" => a => a ^ 1,
        _ => throw new NotSupportedException(text),
    };

    static Func<ulong, ulong, ulong, ulong> Combination(string text, string opcode) => opcode switch
    {
        "fma.rn.f32" => (a, b, c) => Bits(MathF.FusedMultiplyAdd(Float(a), Float(b), Float(c))),
        "mad.lo.s32" or "mad.lo.u32" => (a, b, c) => (uint)(a * b + c),
        _ => throw new NotSupportedException(text),
    };

    static Func<ulong, ulong, bool> Comparison(string text, string comparison, string type)
    {
        return type switch
        {
            // With a u behind, of what is not a number, too.
            "f32" when comparison is "eq" or "lt" or "le" or "gt" or "ge" => Compare(Float, comparison),
            "f32" when comparison is "equ" or "neu" or "ltu" or "leu" or "gtu" or "geu" => OrUnordered(Compare(Float, comparison[..2])),
            "s32" => Compare(a => (int)a, comparison),
            "u32" or "b32" => Compare(a => (uint)a, comparison),
            "s64" => Compare(a => (long)a, comparison),
            "u64" or "b64" => Compare(a => a, comparison),
            _ => throw new NotSupportedException(text),
        };

        static Func<ulong, ulong, bool> OrUnordered(Func<ulong, ulong, bool> holds) => (a, b) => float.IsNaN(Float(a)) || float.IsNaN(Float(b)) || holds(a, b);

        Func<ulong, ulong, bool> Compare<T>(Func<ulong, T> value, string relation) where T : IComparisonOperators<T, T, bool> => relation switch
        {
            "eq" => (a, b) => value(a) == value(b),
            "ne" => (a, b) => value(a) != value(b),
            "lt" or "lo" => (a, b) => value(a) < value(b),
            "le" or "ls" => (a, b) => value(a) <= value(b),
            "gt" or "hi" => (a, b) => value(a) > value(b),
            "ge" or "hs" => (a, b) => value(a) >= value(b),
            _ => throw new NotSupportedException(text),
        };
    }

    static Func<ulong, ulong, ulong> Conversion(string text, string opcode) => opcode switch
    {
        "cvt.u64.u32" or "cvt.s64.u32" => (a, _) => (uint)a,
        "cvt.u64.s32" or "cvt.s64.s32" => (a, _) => (ulong)(int)a,
        "cvt.u32.u64" or "cvt.s32.s64" or "cvt.u32.s64" or "cvt.s32.u64" => (a, _) => (uint)a,
        "cvt.rn.f32.s32" => (a, _) => Bits((int)a),
        "cvt.rna.tf32.f32" => (a, _) => Rounding.TensorFloat32((uint)a),
        // The first operand goes to the upper half.
        "cvt.rn.bf16x2.f32" => (a, b) => Rounding.BFloat16((uint)a) << 16 | Rounding.BFloat16((uint)b),
        _ => throw new NotSupportedException(text),
    };

    static float Float(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
