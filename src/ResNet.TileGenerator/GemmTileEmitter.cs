using System.Linq;

namespace ResNet.TileGenerator;

/// <summary>
/// Writes one tile of a matrix product for ILGPU, whose compiler unrolls no loop and keeps arrays in slow memory: each sum is
/// a named local, and division is by shifts.
/// </summary>
static class GemmTileEmitter
{
    public static string Emit(GemmTile tile) =>
        ProductClass.Emit(tile.Namespace, tile.Type, tile.Rows, tile.Columns, tile.Depth, tile.Threads, source => Run(source, tile));

    static void Run(SourceWriter source, GemmTile tile)
    {
        Setup(source, tile);
        source.Line($"for (int depth = product.FirstDepth(slice); depth < end; depth += {tile.Depth})");
        source.Line("{");
        // Until all have multiplied what stands there. Not at the end of the loop: ILGPU would move the last reads after it.
        source.Line("Group.Barrier();");
        ToShared(source, tile);
        source.Line("Group.Barrier();");
        // The next values are on their way while these are multiplied.
        Load(source, tile, $"depth + {tile.Depth}", declare: "");
        Multiply(source, tile);
        source.Line("}");
        Store(source, tile);
    }

    static int LeftLoads(GemmTile tile) => tile.Rows * tile.Depth / 4 / tile.Threads;

    static int RightLoads(GemmTile tile) => tile.Columns * tile.Depth / 4 / tile.Threads;

    static void Setup(SourceWriter source, GemmTile tile)
    {
        source.Line($"var left = SharedMemory.Allocate<Float4>({tile.Depth * tile.LeftStride / 4});");
        source.Line($"var right = SharedMemory.Allocate<Float4>({tile.Depth * tile.Columns / 4});");
        source.Line("var leftValues = left.Cast<float>();");
        source.Line("int thread = Group.IdxX, slice = Grid.IdxZ;");
        source.Line($"int threadRow = thread >> {ProductClass.Log2(tile.ThreadsPerRow)}, threadColumn = thread & {tile.ThreadsPerRow - 1};");
        // A thread's reads lie at constant offsets from here.
        source.Line("var ownLeft = left.SubView(threadRow);");
        source.Line("var ownRight = right.SubView(threadColumn);");
        source.Line($"int firstRow = Grid.IdxX * {tile.Rows}, firstColumn = Grid.IdxY * {tile.Columns};");
        source.Line("int end = product.EndDepth(slice);");
        foreach (var i in Enumerable.Range(0, LeftLoads(tile)))
        {
            var load = $"(thread + {i * tile.Threads})";
            source.Line($"int leftRow{i} = T.LeftAlongDepth ? {load} >> {ProductClass.Log2(tile.Depth / 4)} : ({load} & {tile.Rows / 4 - 1}) * 4;");
            source.Line($"int leftDepth{i} = T.LeftAlongDepth ? ({load} & {tile.Depth / 4 - 1}) * 4 : {load} >> {ProductClass.Log2(tile.Rows / 4)};");
            source.Line($"var row{i} = product.Row(slice, firstRow + leftRow{i});");
        }
        foreach (var i in Enumerable.Range(0, RightLoads(tile)))
        {
            var load = $"(thread + {i * tile.Threads})";
            source.Line($"int rightDepth{i} = {load} >> {ProductClass.Log2(tile.Columns / 4)}, rightColumn{i} = ({load} & {tile.Columns / 4 - 1}) * 4;");
        }
        for (var i = 0; i < tile.ThreadRows; i++)
            source.Line("float " + string.Join(", ", Enumerable.Range(0, tile.ThreadColumns).Select(j => $"sum{i}_{j} = 0f")) + ";");
        Load(source, tile, "product.FirstDepth(slice)", declare: "var ");
    }

    static void Load(SourceWriter source, GemmTile tile, string depth, string declare)
    {
        foreach (var i in Enumerable.Range(0, LeftLoads(tile)))
        {
            // Along the depth, a thread's loads differ in their rows alone.
            source.Line($"{declare}place{i} = {(i == 0 ? "" : "T.LeftAlongDepth ? place0 : ")}product.Place({depth} + leftDepth{i});");
            source.Line($"{declare}a{i} = product.Left(row{i}, place{i});");
        }
        foreach (var i in Enumerable.Range(0, RightLoads(tile)))
            source.Line($"{declare}b{i} = product.Right(slice, {depth} + rightDepth{i}, firstColumn + rightColumn{i});");
    }

    static void ToShared(SourceWriter source, GemmTile tile)
    {
        source.Line("if (T.LeftAlongDepth)");
        source.Line("{");
        foreach (var i in Enumerable.Range(0, LeftLoads(tile)))
            foreach (var (part, offset) in new[] { ("X", 0), ("Y", 1), ("Z", 2), ("W", 3) })
                source.Line($"leftValues[(leftDepth{i} + {offset}) * {tile.LeftStride} + leftRow{i}] = a{i}.{part};");
        source.Line("}");
        source.Line("else");
        source.Line("{");
        foreach (var i in Enumerable.Range(0, LeftLoads(tile)))
            source.Line($"left[leftDepth{i} * {tile.LeftStride / 4} + (leftRow{i} >> 2)] = a{i};");
        source.Line("}");
        foreach (var i in Enumerable.Range(0, RightLoads(tile)))
            source.Line($"right[rightDepth{i} * {tile.Columns / 4} + (rightColumn{i} >> 2)] = b{i};");
    }

    static void Multiply(SourceWriter source, GemmTile tile)
    {
        if (tile.Unrolled)
        {
            for (var k = 0; k < tile.Depth; k++)
            {
                source.Line("{");
                MultiplyOnce(source, tile, $"{k * tile.LeftStride / 4}", $"{k * tile.Columns / 4}");
                source.Line("}");
            }
            return;
        }
        source.Line($"for (int k = 0; k < {tile.Depth}; k++)");
        source.Line("{");
        MultiplyOnce(source, tile, $"k * {tile.LeftStride / 4}", $"k * {tile.Columns / 4}");
        source.Line("}");
    }

    static void MultiplyOnce(SourceWriter source, GemmTile tile, string leftOffset, string rightOffset)
    {
        const string parts = "XYZW";
        var (rowQuads, columnQuads) = (tile.ThreadRows / 4, tile.ThreadColumns / 4);
        for (var q = 0; q < rowQuads; q++)
            source.Line($"var x{q} = ownLeft[{leftOffset} + {q * tile.Rows / tile.ThreadRows}];");
        for (var q = 0; q < columnQuads; q++)
            source.Line($"var y{q} = ownRight[{rightOffset} + {q * tile.ThreadsPerRow}];");
        for (var i = 0; i < tile.ThreadRows; i++)
            source.Line(string.Concat(Enumerable.Range(0, tile.ThreadColumns).Select(j =>
                $"sum{i}_{j} += x{i / 4}.{parts[i % 4]} * y{j / 4}.{parts[j % 4]}; ")).TrimEnd());
    }

    static void Store(SourceWriter source, GemmTile tile)
    {
        for (var i = 0; i < tile.ThreadRows; i++)
        {
            source.Line($"var target{i} = product.Target(slice, firstRow + threadRow * 4 + {i / 4 * tile.Rows / tile.ThreadRows * 4 + i % 4});");
            for (var j = 0; j < tile.ThreadColumns; j += 4)
                source.Line($"product.Store(slice, target{i}, firstColumn + threadColumn * 4 + {j * tile.ThreadsPerRow}, new Float4(sum{i}_{j}, sum{i}_{j + 1}, sum{i}_{j + 2}, sum{i}_{j + 3}));");
        }
    }
}
