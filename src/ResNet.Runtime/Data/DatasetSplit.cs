using ResNet.Runtime.Data.Folders;

namespace ResNet.Runtime.Data;

/// <summary>A part of a data set. It has to be named: no value stands for "not set".</summary>
#pragma warning disable CA1008 // zero, the value of what was never set, must not mean a part
public enum DatasetSplit
#pragma warning restore CA1008
{
    /// <summary>The images to train on.</summary>
    Train = 1,

    /// <summary>The images that no network is trained on.</summary>
    Test = 2,
}

static class DatasetSplitExtensions
{
    /// <summary>Returns the part.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static DatasetSplit Checked(this DatasetSplit split) => split is DatasetSplit.Train or DatasetSplit.Test ? split : throw new ArgumentException(
        $"{(int)split} names no part of a data set; expected {nameof(DatasetSplit)}.{DatasetSplit.Train} or {nameof(DatasetSplit)}.{DatasetSplit.Test}", nameof(split));

    /// <summary>Returns the files of a part.</summary>
    /// <exception cref="DatasetException">There are only others.</exception>
    public static string[] Of(this PartFiles files, DatasetSplit split) => split == DatasetSplit.Train ? files.Train : files.Test;
}
