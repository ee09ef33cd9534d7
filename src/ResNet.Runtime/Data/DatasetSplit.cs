namespace ResNet.Runtime.Data;

/// <summary>Which part of a data set.</summary>
public enum DatasetSplit
{
    /// <summary>The images that no network is trained on.</summary>
    Test,

    /// <summary>The images to train on.</summary>
    Train,
}
