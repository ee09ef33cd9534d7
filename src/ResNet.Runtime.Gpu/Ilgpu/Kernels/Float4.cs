namespace ResNet.Runtime.Gpu.Kernels;

/// <summary>Four neighboring values: one instruction loads or stores them.</summary>
struct Float4
{
    public float X, Y, Z, W;

    public Float4(float x, float y, float z, float w) => (X, Y, Z, W) = (x, y, z, w);

    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Float4 operator *(Float4 a, Float4 b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    /// <summary>Rectified; what is not a number stays visible.</summary>
    public static Float4 Relu(Float4 a) => new(Relu(a.X), Relu(a.Y), Relu(a.Z), Relu(a.W));

    /// <inheritdoc cref="Relu(Float4)"/>
    public static float Relu(float a) => a < 0 ? 0 : a;
}
