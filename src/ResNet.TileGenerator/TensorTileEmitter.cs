using System.Linq;

namespace ResNet.TileGenerator;

/// <summary>
/// Writes one tile of a matrix product on tensor cores for ILGPU, which knows nothing of them: they are driven by inline PTX.
/// Sums and operands are registers that the PTX declares itself, since ILGPU would put what it passes by reference into memory.
/// <para>
/// Which thread of a warp holds what is that of <c>mma.m16n8k8</c> (TF32) and <c>mma.m16n8k16</c> (bfloat16) in the PTX manual:
/// with <c>row</c> = lane / 4 and <c>place</c> = lane % 4, words (row, place), (row + 8, place), (row, place + 4) and
/// (row + 8, place + 4) of the left matrix, (place, row) and (place + 4, row) of the right one, and results (row, 2·place),
/// (row, 2·place + 1) and the same eight rows below. <c>ldmatrix</c>, made for halves, takes words just as well.
/// </para>
/// </summary>
static class TensorTileEmitter
{
    const int Bytes = 4;

    static readonly string[] _parts = ["X", "Y", "Z", "W"];

    public static string Emit(TensorTile tile) =>
        ProductClass.Emit(tile.Namespace, tile.Type, tile.Rows, tile.Columns, tile.Depth, tile.Threads, source => Run(source, tile));

    static void Run(SourceWriter source, TensorTile tile)
    {
        Setup(source, tile);
        Addresses(source, tile);
        source.Line("int depth = product.FirstDepth(slice);");
        Load(source, tile, "depth", declare: "var ");
        ToShared(source, tile);
        source.Line($"for (; depth < end; depth += {tile.Depth})");
        source.Line("{");
        source.Line("Group.Barrier();");
        // The next values are on their way while these are multiplied, and go where the ones before stood.
        Load(source, tile, $"depth + {tile.Depth}", declare: "");
        // Until the threads that had other branches there are back.
        source.Line("Warp.Barrier();");
        Multiply(source, tile);
        foreach (var address in new[] { "leftTo", "rightTo" }) Asm(source, $"add.s32 {address}, {address}, other");
        ToShared(source, tile);
        foreach (var address in new[] { "leftFrom", "rightFrom" }) Asm(source, $"add.s32 {address}, {address}, other");
        Asm(source, "neg.s32 other, other");
        source.Line("}");
        Store(source, tile);
    }

    static void Setup(SourceWriter source, TensorTile tile)
    {
        source.Line($"var shared = SharedMemory.Allocate<Float4>({tile.SharedSize / 4});");
        source.Line("int thread = Group.IdxX, slice = Grid.IdxZ;");
        source.Line("int lane = thread & 31, warp = thread >> 5;");
        source.Line("int row = lane >> 2, place = lane & 3;");
        source.Line($"int warpRow = (warp & {tile.Rows / tile.WarpRows - 1}) * {tile.WarpRows}, warpColumn = (warp >> {ProductClass.Log2(tile.Rows / tile.WarpRows)}) * {tile.WarpColumns};");
        source.Line($"int firstRow = Grid.IdxX * {tile.Rows}, firstColumn = Grid.IdxY * {tile.Columns};");
        source.Line("int end = product.EndDepth(slice);");
        // Four words of a thread: along the depth, or of four rows.
        source.Line($"int leftRow = T.LeftAlongDepth ? thread >> {ProductClass.Log2(TensorTile.Words / 4)} : (thread & {tile.Rows / 4 - 1}) * 4;");
        source.Line($"int leftWord = T.LeftAlongDepth ? (thread & {TensorTile.Words / 4 - 1}) * 4 : thread >> {ProductClass.Log2(tile.Rows / 4)};");
        source.Line($"int rightWord = thread >> {ProductClass.Log2(tile.Columns / 4)}, rightColumn = (thread & {tile.Columns / 4 - 1}) * 4;");
        // The next ones of a thread lie in other rows or other words, but not in both.
        foreach (var i in Enumerable.Range(0, tile.LeftLoads))
        {
            source.Line($"var row{i} = product.Row(slice, firstRow + (T.LeftAlongDepth ? leftRow + {i * tile.Threads / (TensorTile.Words / 4)} : leftRow));");
            source.Line($"int leftDepth{i} = {tile.WordValues} * (T.LeftAlongDepth ? leftWord : leftWord + {i * tile.Threads / (tile.Rows / 4)});");
        }
        foreach (var i in Enumerable.Range(0, tile.RightLoads))
            source.Line($"int rightDepth{i} = {tile.WordValues} * (rightWord + {i * tile.Threads / (tile.Columns / 4)});");
    }

    static void Addresses(SourceWriter source, TensorTile tile)
    {
        Asm(source, $".reg .b32 base, leftFrom, rightFrom, leftTo, rightTo, other, word<4>, left<{4 * tile.RowProducts}>, right<{2 * tile.ColumnProducts}>");
        Asm(source, $".reg .f32 sum<{4 * tile.RowProducts * tile.ColumnProducts}>");
        // The name that ILGPU gives to the first allocation of a kernel.
        Asm(source, "mov.u32 base, __shared_alloca0");
        Address("leftTo", $"{tile.RightSize} + (T.LeftAlongDepth ? leftRow * {TensorTile.LeftRowStride} + leftWord : leftWord * {tile.LeftWordStride} + leftRow)");
        Address("rightTo", $"rightWord * {tile.RightStride} + rightColumn");
        // Lane by lane, the rows of the four matrices of eight rows and four words that are loaded at once.
        Address("leftFrom", $"{tile.RightSize} + (T.LeftAlongDepth ? (warpRow + (lane & 15)) * {TensorTile.LeftRowStride} + (lane >> 4) * 4 : place * {tile.LeftWordStride} + warpRow + row)");
        Address("rightFrom", $"place * {tile.RightStride} + warpColumn + row");
        Asm(source, $"mov.s32 other, {tile.BufferSize * Bytes}");
        for (var i = 0; i < 4 * tile.RowProducts * tile.ColumnProducts; i++) Asm(source, $"mov.f32 sum{i}, 0f00000000");

        void Address(string register, string words) => Asm(source, $"add.s32 {register}, base, %0", $"({words}) * {Bytes}");
    }

    /// <summary>As many quads to each four words as a word has values.</summary>
    static void Load(SourceWriter source, TensorTile tile, string depth, string declare)
    {
        foreach (var i in Enumerable.Range(0, tile.LeftLoads))
            foreach (var q in Enumerable.Range(0, tile.WordValues))
            {
                // Along the depth, a thread's loads differ in their rows alone.
                source.Line($"{declare}place{i}_{q} = {(i == 0 ? "" : $"T.LeftAlongDepth ? place0_{q} : ")}product.Place({depth} + leftDepth{i} + (T.LeftAlongDepth ? {4 * q} : {q}));");
                source.Line($"{declare}a{i}_{q} = product.Left(row{i}, place{i}_{q});");
            }
        foreach (var i in Enumerable.Range(0, tile.RightLoads))
            foreach (var q in Enumerable.Range(0, tile.WordValues))
                source.Line($"{declare}b{i}_{q} = product.Right(slice, {depth} + rightDepth{i} + {q}, firstColumn + rightColumn);");
    }

    /// <summary>Rounds what was loaded, and stores it.</summary>
    static void ToShared(SourceWriter source, TensorTile tile)
    {
        Branch(source, alongDepth =>
        {
            for (var i = 0; i < tile.LeftLoads; i++)
            {
                for (var word = 0; word < 4; word++)
                {
                    var first = word * tile.WordValues;
                    Round(source, tile, word, [.. Enumerable.Range(0, tile.WordValues).Select(v => alongDepth
                        ? $"a{i}_{(first + v) / 4}.{_parts[(first + v) % 4]}"
                        : $"a{i}_{v}.{_parts[word]}")]);
                }
                var offset = alongDepth
                    ? i * tile.Threads / (TensorTile.Words / 4) * TensorTile.LeftRowStride
                    : i * tile.Threads / (tile.Rows / 4) * tile.LeftWordStride;
                Asm(source, $"st.shared.v4.b32 [leftTo+{offset * Bytes}], {{word0, word1, word2, word3}}");
            }
        });
        for (var i = 0; i < tile.RightLoads; i++)
        {
            for (var word = 0; word < 4; word++)
                Round(source, tile, word, [.. Enumerable.Range(0, tile.WordValues).Select(v => $"b{i}_{v}.{_parts[word]}")]);
            Asm(source, $"st.shared.v4.b32 [rightTo+{i * tile.Threads / (tile.Columns / 4) * tile.RightStride * Bytes}], {{word0, word1, word2, word3}}");
        }
    }

    /// <summary>Of two values in a word, the first is in the lower half, which is the instruction's second operand.</summary>
    static void Round(SourceWriter source, TensorTile tile, int word, string[] values)
    {
        if (tile.WordValues == 1) Asm(source, $"cvt.rna.tf32.f32 word{word}, %0", values[0]);
        else Asm(source, $"cvt.rn.bf16x2.f32 word{word}, %0, %1", values[1], values[0]);
    }

    static void Multiply(SourceWriter source, TensorTile tile)
    {
        var instruction = tile.WordValues == 1 ? "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" : "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32";
        for (var word = 0; word < TensorTile.Words; word += TensorTile.ProductWords)
        {
            Branch(source, alongDepth =>
            {
                for (var i = 0; i < tile.RowProducts; i++)
                {
                    var row = i * TensorTile.ProductRows;
                    if (alongDepth)
                        Asm(source, $"ldmatrix.sync.aligned.m8n8.x4.shared.b16 {Registers("left", 4 * i, 4)}, [leftFrom+{(row * TensorTile.LeftRowStride + word) * Bytes}]");
                    else
                        for (var part = 0; part < 4; part++)
                            Asm(source, $"ld.shared.b32 left{4 * i + part}, [leftFrom+{((word + part / 2 * 4) * tile.LeftWordStride + row + part % 2 * 8) * Bytes}]");
                }
            });
            for (var j = 0; j < 2 * tile.ColumnProducts; j++)
                Asm(source, $"ld.shared.b32 right{j}, [rightFrom+{((word + j % 2 * 4) * tile.RightStride + j / 2 * TensorTile.ProductColumns) * Bytes}]");
            for (var i = 0; i < tile.RowProducts; i++)
                for (var j = 0; j < tile.ColumnProducts; j++)
                {
                    var sums = Registers("sum", 4 * (i * tile.ColumnProducts + j), 4);
                    Asm(source, $"{instruction} {sums}, {Registers("left", 4 * i, 4)}, {Registers("right", 2 * j, 2)}, {sums}");
                }
        }
    }

    /// <summary>Sixteen rows of a warp at a time go through shared memory, so that a thread gets four neighboring columns.</summary>
    static void Store(SourceWriter source, TensorTile tile)
    {
        var (quads, stride) = (tile.WarpColumns / 4, tile.ResultStride);
        source.Line("Group.Barrier();");
        Asm(source, "add.s32 leftTo, base, %0", $"(warp * {tile.ResultSize} + row * {stride} + 2 * place) * {Bytes}");
        source.Line($"int resultRow = lane >> {ProductClass.Log2(quads)}, resultQuad = lane & {quads - 1};");
        source.Line($"var results = shared.SubView(warp * {tile.ResultSize / 4} + resultRow * {stride / 4} + resultQuad);");
        source.Line("int column = firstColumn + warpColumn + resultQuad * 4;");
        for (var i = 0; i < tile.RowProducts; i++)
        {
            source.Line("Warp.Barrier();");
            for (var j = 0; j < tile.ColumnProducts; j++)
            {
                var sum = 4 * (i * tile.ColumnProducts + j);
                Asm(source, $"st.shared.v2.f32 [leftTo+{j * TensorTile.ProductColumns * Bytes}], {Registers("sum", sum, 2)}");
                Asm(source, $"st.shared.v2.f32 [leftTo+{(8 * stride + j * TensorTile.ProductColumns) * Bytes}], {Registers("sum", sum + 2, 2)}");
            }
            source.Line("Warp.Barrier();");
            for (var r = 0; r < TensorTile.ProductRows; r += TensorTile.WarpSize / quads)
                source.Line($"product.Store(slice, product.Target(slice, firstRow + warpRow + resultRow + {i * TensorTile.ProductRows + r}), column, results[{r * stride / 4}]);");
        }
    }

    /// <summary>Writes code for both kinds of product; ILGPU chooses one when it compiles.</summary>
    static void Branch(SourceWriter source, System.Action<bool> write)
    {
        source.Line("if (T.LeftAlongDepth)");
        source.Line("{");
        write(true);
        source.Line("}");
        source.Line("else");
        source.Line("{");
        write(false);
        source.Line("}");
    }

    static string Registers(string name, int first, int count) => $"{{{string.Join(", ", Enumerable.Range(first, count).Select(i => name + i))}}}";

    static void Asm(SourceWriter source, string instruction, params string[] arguments) =>
        source.Line($"CudaAsm.Emit({string.Join(", ", [$"\"{instruction};\"", .. arguments])});");
}
