using ResNet.Runtime.Detection.Data;

namespace ResNet.Runtime.Detection.Training;

/// <summary>A training image as the trunk takes it.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Values">channels × height × width, normalized.</param>
/// <param name="Objects">Its objects, in pixels of the input.</param>
sealed record TrainingScene(int Width, int Height, float[] Values, IReadOnlyList<ObjectAnnotation> Objects)
{
    /// <summary>The values as a batch of one image.</summary>
    public Tensor ToTensor() => new(Values, 1, Values.Length / (Width * Height), Height, Width);

    /// <summary>Prepares a picture.</summary>
    /// <param name="scene">The picture at its size.</param>
    /// <param name="preprocessing">The conversion of colors to values.</param>
    public static TrainingScene Of(SizedScene scene, Preprocessing preprocessing)
    {
        var (width, height) = (scene.Image.Width, scene.Image.Height);
        var values = new float[preprocessing.Channels * height * width];
        preprocessing.WithSize(height, width).Normalize(scene.Image, 0, 0, isMirrored: false, [0, 0, 0], values);
        return new(width, height, values, scene.Objects);
    }
}
