using ILGPU;
using ResNet.Runtime.Programs;

namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>
/// A convolution forward, or the gradient of its input: the gathered matrix times the packed weights, for input channels in fours.
/// </summary>
struct ConvolutionOfQuads : IMatrixProduct
{
    public Gather Gather;
    public ArrayView<Float4> Input, Weights;
    public EpilogueArguments Epilogue;

    /// <summary>Channels of a group of the result; and in fours, rounded up, as the weights are packed.</summary>
    public int GroupColumns, PackedQuads;

    public static bool LeftAlongDepth => true;

    public readonly int FirstDepth(int slice) => 0;

    public readonly int EndDepth(int slice) => Gather.Columns;

    public readonly Position Row(int slice, int row) => Gather.At(row);

    public readonly Position Place(int depth) => Gather.Column(depth);

    public readonly Float4 Left(Position row, Position place)
    {
        var offset = Gather.Offset(row, place, Grid.IdxZ);
        return offset < 0 ? default : Input[offset >> 2];
    }

    public readonly Float4 Right(int slice, int depth, int column) =>
        depth < Gather.Columns & column < GroupColumns ? Weights[(slice * Gather.Columns + depth) * PackedQuads + (column >> 2)] : default;

    public readonly Position Target(int slice, int row) => ConvolutionTarget.At(Gather, Epilogue, row);

    public readonly void Store(int slice, Position target, int column, Float4 value) =>
        ConvolutionTarget.Store(Epilogue, target, slice * GroupColumns, column, GroupColumns, value);
}

/// <summary>The same for any number of input channels.</summary>
struct Convolution : IMatrixProduct
{
    public Gather Gather;
    public ArrayView<float> Input;
    public ArrayView<Float4> Weights;
    public EpilogueArguments Epilogue;
    public int GroupColumns, PackedQuads;

    public static bool LeftAlongDepth => true;

    public readonly int FirstDepth(int slice) => 0;

    public readonly int EndDepth(int slice) => Gather.Columns;

    public readonly Position Row(int slice, int row) => Gather.At(row);

    public readonly Position Place(int depth) => new() { Offset = depth };

    public readonly Float4 Left(Position row, Position place) =>
        new(At(row, place.Offset), At(row, place.Offset + 1), At(row, place.Offset + 2), At(row, place.Offset + 3));

    public readonly Float4 Right(int slice, int depth, int column) =>
        depth < Gather.Columns & column < GroupColumns ? Weights[(slice * Gather.Columns + depth) * PackedQuads + (column >> 2)] : default;

    public readonly Position Target(int slice, int row) => ConvolutionTarget.At(Gather, Epilogue, row);

    public readonly void Store(int slice, Position target, int column, Float4 value) =>
        ConvolutionTarget.Store(Epilogue, target, slice * GroupColumns, column, GroupColumns, value);

    readonly float At(Position row, int depth)
    {
        var offset = Gather.Offset(row, Gather.Column(depth), Grid.IdxZ);
        return offset < 0 ? 0 : Input[offset];
    }
}

/// <summary>The destination of the results of a convolution.</summary>
static class ConvolutionTarget
{
    public static Position At(Gather gather, EpilogueArguments epilogue, int row)
    {
        var image = gather.RowsPerImage.Divide(row);
        var pixel = gather.RowsPerImage.Remainder(row, image);
        var y = gather.RowsPerLine.Divide(pixel);
        var target = epilogue.At(image, y, gather.RowsPerLine.Remainder(pixel, y));
        if (row >= gather.Rows) target.Offset = -1;
        return target;
    }

    public static void Store(EpilogueArguments epilogue, Position target, int firstChannel, int column, int columns, Float4 value)
    {
        if (target.Offset < 0 | column >= columns) return;
        var channel = firstChannel + column;
        if (epilogue.Has(EpilogueSteps.Quads))
        {
            epilogue.StoreQuad(target, channel, value);
            return;
        }
        epilogue.Store(target, channel, value.X);
        if (column + 1 < columns) epilogue.Store(target, channel + 1, value.Y);
        if (column + 2 < columns) epilogue.Store(target, channel + 2, value.Z);
        if (column + 3 < columns) epilogue.Store(target, channel + 3, value.W);
    }
}

/// <summary>
/// The gradient of a convolution's weights: the gathered matrix, transposed, times the gradient of the result, for channels
/// in fours on both sides. The depth, all pixels of the batch, is cut into parts that are added up afterwards.
/// </summary>
struct WeightGradientOfQuads : IMatrixProduct
{
    public Gather Gather;
    public ArrayView<Float4> Input, Gradient, Sums;

    /// <summary>Channels of a group and of all groups of the gradient.</summary>
    public int GroupColumns, GradientChannels;

    /// <summary>Slices are numbered part by part, the group running fastest.</summary>
    public FastDivisor Groups;

    /// <summary>Pixels in a part.</summary>
    public int PartDepth;

    public static bool LeftAlongDepth => false;

    public readonly int FirstDepth(int slice) => Groups.Divide(slice) * PartDepth;

    public readonly int EndDepth(int slice) => IntrinsicMath.Min(Gather.Rows, (Groups.Divide(slice) + 1) * PartDepth);

    public readonly Position Row(int slice, int row) => Gather.Column(row);

    public readonly Position Place(int depth) => Gather.At(depth);

    public readonly Float4 Left(Position row, Position place)
    {
        var offset = Gather.Offset(place, row, Groups.Remainder(Grid.IdxZ, Groups.Divide(Grid.IdxZ)));
        return offset < 0 ? default : Input[offset >> 2];
    }

    public readonly Float4 Right(int slice, int depth, int column) =>
        depth < Gather.Rows & column < GroupColumns
            ? Gradient[(depth * GradientChannels + Groups.Remainder(slice, Groups.Divide(slice)) * GroupColumns + column) >> 2]
            : default;

    public readonly Position Target(int slice, int row) =>
        new() { Offset = row < Gather.Columns ? (slice * Gather.Columns + row) * ((GroupColumns + 3) >> 2) : -1 };

    public readonly void Store(int slice, Position target, int column, Float4 value)
    {
        if (target.Offset >= 0 & column < GroupColumns) Sums[target.Offset + (column >> 2)] = value;
    }
}

/// <summary>The same for any number of channels.</summary>
struct WeightGradient : IMatrixProduct
{
    public Gather Gather;
    public ArrayView<float> Input, Gradient;
    public ArrayView<Float4> Sums;
    public int GroupColumns, GradientChannels;
    public FastDivisor Groups;
    public int PartDepth;

    public static bool LeftAlongDepth => false;

    public readonly int FirstDepth(int slice) => Groups.Divide(slice) * PartDepth;

    public readonly int EndDepth(int slice) => IntrinsicMath.Min(Gather.Rows, (Groups.Divide(slice) + 1) * PartDepth);

    public readonly Position Row(int slice, int row) => new() { Offset = row };

    public readonly Position Place(int depth) => Gather.At(depth);

    public readonly Float4 Left(Position row, Position place) =>
        new(At(place, row.Offset), At(place, row.Offset + 1), At(place, row.Offset + 2), At(place, row.Offset + 3));

    public readonly Float4 Right(int slice, int depth, int column) =>
        new(By(slice, depth, column), By(slice, depth, column + 1), By(slice, depth, column + 2), By(slice, depth, column + 3));

    public readonly Position Target(int slice, int row) =>
        new() { Offset = row < Gather.Columns ? (slice * Gather.Columns + row) * ((GroupColumns + 3) >> 2) : -1 };

    public readonly void Store(int slice, Position target, int column, Float4 value)
    {
        if (target.Offset >= 0 & column < GroupColumns) Sums[target.Offset + (column >> 2)] = value;
    }

    readonly float At(Position pixel, int column)
    {
        var offset = Gather.Offset(pixel, Gather.Column(column), Groups.Remainder(Grid.IdxZ, Groups.Divide(Grid.IdxZ)));
        return offset < 0 ? 0 : Input[offset];
    }

    readonly float By(int slice, int depth, int column) =>
        depth < Gather.Rows & column < GroupColumns
            ? Gradient[depth * GradientChannels + Groups.Remainder(slice, Groups.Divide(slice)) * GroupColumns + column]
            : 0;
}
