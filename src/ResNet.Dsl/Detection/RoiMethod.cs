namespace ResNet.Dsl;

/// <summary>The methods by which a detector reads the feature maps within a region of interest.</summary>
public enum RoiMethod
{
    /// <summary>RoIAlign (He et al. 2017): the mean of interpolated samples, which follows a box to parts of a cell.</summary>
    Align,

    /// <summary>RoI pooling (Girshick 2015, section 2.1): the maximum of whole cells.</summary>
    Pool,
}
