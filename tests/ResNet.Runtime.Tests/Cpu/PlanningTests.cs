using ResNet.Runtime.Cpu.Convolutions;
using ResNet.Runtime.Cpu.Convolutions.Choice;
using ResNet.Runtime.Cpu.Convolutions.Tiles;
using ResNet.Runtime.Cpu.Memory;
using ResNet.Runtime.Cpu.Threads;
using ResNet.Runtime.Evaluation;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Tests.Cpu;

/// <summary>The choices that speed, not correctness, depends on.</summary>
public sealed class PlanningTests
{
    [Theory]
    // A large image with few weights is split by rows, a small one with many weights by panels.
    [InlineData(2, 56, 2, 802_816, 147_456, 2, 1)]
    [InlineData(2, 7, 16, 100_352, 9_437_184, 1, 2)]
    [InlineData(4, 1, 32, 8_192, 8_192_000, 1, 4)]
    // Seven rows among four would leave one core with two of seven, panels leave each with a quarter.
    [InlineData(4, 7, 64, 100_352, 4_194_304, 1, 4)]
    // Neither alone is enough for many cores.
    [InlineData(32, 14, 8, 200_704, 2_359_296, 4, 8)]
    public void Work_is_split_where_it_divides_evenly(
        int parts, int rows, int panels, double inputBytes, double weightBytes, int rowParts, int panelParts)
    {
        var cycles = inputBytes * weightBytes / 50_000;
        var split = WorkSplit.Choose(parts, rows, panels, cycles, inputBytes, weightBytes, WorkSplit.BytesPerCycle);
        Assert.Equal((rowParts, panelParts), (split.RowParts, split.PanelParts));
    }

    [Theory]
    [InlineData(64, 56, 3, 1, ConvolutionAlgorithm.Automatic, "Winograd F(4×4)")]
    [InlineData(256, 14, 3, 1, ConvolutionAlgorithm.Automatic, "Winograd F(4×4)")]
    // Of a small image, the weights' traffic rules.
    [InlineData(512, 7, 3, 1, ConvolutionAlgorithm.Automatic, "Winograd F(2×2)")]
    [InlineData(64, 56, 3, 2, ConvolutionAlgorithm.Automatic, "direct")]
    [InlineData(64, 56, 1, 1, ConvolutionAlgorithm.Winograd4x4, "direct")]
    [InlineData(64, 56, 3, 1, ConvolutionAlgorithm.Direct, "direct")]
    [InlineData(64, 56, 3, 1, ConvolutionAlgorithm.Winograd2x2, "Winograd F(2×2)")]
    public void The_algorithm_is_what_was_asked_for_or_what_is_fastest(int channels, int size, int kernel, int stride, ConvolutionAlgorithm algorithm, string expected)
    {
        var geometry = new ConvGeometry(channels, channels, size, size, kernel, stride, kernel / 2);
        foreach (var parts in new[] { 1, 2 })
        {
            using var convolution = new ConvolutionChoice(algorithm, Batch: 1, parts) { Tiles = TileSet.Vector512Set }.Make(Correlation.Forward(geometry), ActivationLayout.Blocked(channels, size, size, kernel / 2));
            Assert.StartsWith(expected, convolution.Algorithm, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Slices_cover_everything_once()
    {
        for (var count = 0; count < 20; count++)
            for (var parts = 1; parts < 8; parts++)
            {
                var next = 0;
                for (var part = 0; part < parts; part++)
                {
                    var (first, end) = WorkSplit.Slice(count, part, parts);
                    Assert.Equal(next, first);
                    next = end;
                }
                Assert.Equal(count, next);
            }
    }

    [Fact]
    public void Runs_are_covered_by_the_cheapest_tiles()
    {
        var tiles = TileSet.Vector512Set.Tiles(blocks: 2, pixelStride: 16);
        var tiling = new RunTiling(tiles);
        for (var length = 1; length <= 300; length++)
        {
            double cycles = 0;
            for (var left = length; left > 0;)
            {
                var tile = tiling.First(left);
                cycles += tile.Cycles;
                left -= tile.Pixels;
            }
            Assert.Equal(tiling.Cycles(length), cycles, 1e-9);
            // No single kind of tile does it more cheaply.
            foreach (var tile in tiles)
                Assert.True(cycles <= Math.Ceiling((double)length / tile.Pixels) * tile.Cycles + 1e-9, $"{length} pixels: {cycles}");
        }
        // 56, 28 and 14 pixels are whole tiles of 14.
        Assert.Equal(14, tiling.First(56).Pixels);
        Assert.Equal(8, tiling.First(16).Pixels);
        Assert.False(tiling.TryPair(14, out _));
    }

    [Fact]
    public void Two_rows_share_tiles_where_that_is_cheaper()
    {
        // AVX-512 covers two rows of 7 with the halves of one tile, AVX2 with those of 6, 4 and 4 pixels: 3 + 2 + 2. Two rows of 5 take as long alone.
        foreach (var (set, blocks, widths) in new[] { (TileSet.Vector512Set, 2, new[] { 7, 9, 11 }), (TileSet.Vector256Set, 1, [7, 9, 3]) })
        {
            var tiling = new RunTiling(set.Tiles(blocks, pixelStride: 16));
            foreach (var width in widths)
            {
                Assert.True(tiling.TryPair(width, out var pair), $"{set} {width}");
                Assert.True(pair.Cycles(width) < 2 * tiling.Cycles(width));
                // The tiles end where the rows end.
                var left = width;
                while (left > 0) left -= pair.First(left).Pixels / 2;
                Assert.Equal(0, left);
            }
            Assert.False(tiling.TryPair(1, out _));
        }
        Assert.False(new RunTiling(TileSet.Vector512Set.Tiles(blocks: 2, pixelStride: 100_000)).TryPair(7, out _));
    }

    [Fact]
    public void Tiles_read_no_further_than_the_slack_behind_a_buffer()
    {
        foreach (var set in DirectConvolutionTests.TileSets)
            for (var blocks = 1; blocks <= set.MaxBlocks; blocks++)
                foreach (nint pixelStride in new nint[] { 3, 16, 2048, 100_000, int.MaxValue })
                {
                    var tiles = set.Tiles(blocks, pixelStride);
                    Assert.NotEmpty(tiles);
                    Assert.All(tiles, tile => Assert.True((tile.Pixels - 1) * pixelStride <= NativeBuffer.Slack));
                }
    }

    [Fact]
    public void There_is_a_core_to_work_with() =>
        Assert.InRange(ProcessorCores.Count, 1, Environment.ProcessorCount);
}
