
namespace ResNet.Runtime.Gpu.Tests;

/// <summary>
/// Products of matrices by a warp. Which thread holds which element is what the PTX manual says ("Matrix fragments for
/// mma.m16n8k8" and "… m16n8k16"), element by element.
/// </summary>
static class PtxMatrix
{
    /// <summary>Four matrices of eight rows of 16 bytes.</summary>
    public const string Load = "ldmatrix.sync.aligned.m8n8.x4.shared.b16";

    const int Rows = 16, Columns = 8;

    /// <summary>
    /// Of the i-th matrix, the lanes 8·i … 8·i + 7 name the rows' addresses, and lane 4·r + c gets the c-th word of row r, in its
    /// i-th register.
    /// </summary>
    public static Action<PtxThread[]> CompileLoad(PtxKernel kernel, string text, string[] operands)
    {
        int[] values = [.. operands[..4].Select(kernel.Slot)];
        var address = PtxMemory.AddressOf(kernel, text, operands[4]);
        return warp =>
        {
            ulong[] rows = [.. warp.Select(address)];
            if (rows.Any(row => row % 16 != 0)) Assert.Fail($"{text}: not aligned");
            for (var lane = 0; lane < warp.Length; lane++)
                for (var i = 0; i < 4; i++)
                    PtxMemory.SharedLoad(warp[lane], rows[8 * i + lane / 4] + (ulong)(lane % 4 * 4), 4, ref warp[lane].R[values[i]]);
        };
    }

    public static Action<PtxThread[]> Compile(string opcode, int[] slots) => opcode switch
    {
        "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" => warp => Multiply(warp, slots, depth: 8, A, B, Single),
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32" => warp => Multiply(warp, slots, depth: 16, PairedA, PairedB, Half),
        _ => throw new NotSupportedException(opcode),
    };

    /// <summary>D = A·B + C.</summary>
    /// <param name="warp">The threads.</param>
    /// <param name="slots">Four registers of D, four of A, two of B, four of C.</param>
    /// <param name="depth">Columns of A.</param>
    /// <param name="a">Row and column of the i-th element that a thread holds of A.</param>
    /// <param name="b">Row and column of the i-th element that a thread holds of B.</param>
    /// <param name="element">The i-th of the elements in some registers.</param>
    static void Multiply(PtxThread[] warp, int[] slots, int depth, Func<int, int, (int, int)> a, Func<int, int, (int, int)> b, Func<PtxThread, ReadOnlyMemory<int>, int, float> element)
    {
        var (left, right, sums) = (new double[Rows, depth], new double[depth, Columns], new double[Rows, Columns]);
        for (var lane = 0; lane < warp.Length; lane++)
        {
            for (var i = 0; i < Rows * depth / 32; i++) left.SetAt(a(lane, i), element(warp[lane], slots.AsMemory(4, 4), i));
            for (var i = 0; i < depth * Columns / 32; i++) right.SetAt(b(lane, i), element(warp[lane], slots.AsMemory(8, 2), i));
            for (var i = 0; i < 4; i++) sums.SetAt(C(lane, i), BitConverter.UInt32BitsToSingle((uint)warp[lane].R[slots[10 + i]]));
        }
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                for (var k = 0; k < depth; k++) sums[row, column] += left[row, k] * right[k, column];
        for (var lane = 0; lane < warp.Length; lane++)
            for (var i = 0; i < 4; i++)
            {
                var (row, column) = C(lane, i);
                warp[lane].R[slots[i]] = BitConverter.SingleToUInt32Bits((float)sums[row, column]);
            }
    }

    static (int Row, int Column) A(int lane, int i) => (lane / 4 + (i is 1 or 3 ? 8 : 0), lane % 4 + (i is 2 or 3 ? 4 : 0));

    static (int Row, int Column) B(int lane, int i) => (lane % 4 + 4 * i, lane / 4);

    static (int Row, int Column) PairedA(int lane, int i) => (lane / 4 + (i is 0 or 1 or 4 or 5 ? 0 : 8), lane % 4 * 2 + i % 2 + (i < 4 ? 0 : 8));

    static (int Row, int Column) PairedB(int lane, int i) => (lane % 4 * 2 + i % 2 + (i < 2 ? 0 : 8), lane / 4);

    static (int Row, int Column) C(int lane, int i) => (lane / 4 + (i < 2 ? 0 : 8), lane % 4 * 2 + i % 2);

    static float Single(PtxThread thread, ReadOnlyMemory<int> slots, int i)
    {
        var bits = (uint)thread.R[slots.Span[i]];
        // What the lower bits do is undefined.
        Assert.Equal(0u, bits & 0x1FFF);
        return BitConverter.UInt32BitsToSingle(bits);
    }

    /// <summary>Of two in a register, the first is in the lower half.</summary>
    static float Half(PtxThread thread, ReadOnlyMemory<int> slots, int i)
    {
        var pair = (uint)thread.R[slots.Span[i / 2]];
        return BitConverter.UInt32BitsToSingle(i % 2 == 0 ? pair << 16 : pair & 0xFFFF_0000);
    }

    static void SetAt(this double[,] matrix, (int Row, int Column) at, double value) => matrix[at.Row, at.Column] = value;
}
