namespace ResNet.Dsl;

public sealed partial class NetworkBuilder
{
    /// <summary>Convolution with square kernels.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    /// <param name="stride">Step of the kernel in both directions.</param>
    /// <param name="padding">Zeros added on each of the four sides.</param>
    /// <param name="dilation">Distance between kernel taps.</param>
    /// <param name="groups">Channel groups that do not see each other; divides both channel counts.</param>
    /// <param name="bias">Whether a bias is added; not needed before batch normalization.</param>
    /// <param name="name">Name within the scope; <c>conv1</c>, <c>conv2</c> … by default.</param>
    /// <param name="initialBias">The value of each bias before training; weight decay pulls it toward zero as it does any bias.</param>
    /// <exception cref="NetworkException">A size is out of range, or the kernel does not fit, or there is no bias to give a value.</exception>
    public NetworkBuilder Conv(
        int channels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = false, string? name = null, double initialBias = 0) =>
        Add(name, "conv", n => new Conv2d(n, channels, kernel, stride, padding, dilation, groups, bias, initialBias));

    /// <summary>Batch normalization.</summary>
    /// <param name="eps">Added to the variance; positive.</param>
    /// <param name="momentum">Weight of the newest batch in the running statistics, from 0 to 1.</param>
    /// <param name="frozen">Whether training, too, normalizes by the running statistics and leaves them as they are.</param>
    /// <param name="name">Name within the scope; <c>bn1</c>, <c>bn2</c> … by default.</param>
    /// <exception cref="NetworkException">A value is out of range.</exception>
    public NetworkBuilder BatchNorm(double eps = Dsl.BatchNorm.DefaultEpsilon, double momentum = Dsl.BatchNorm.DefaultMomentum, bool frozen = false, string? name = null) =>
        Add(name, "bn", n => new BatchNorm(n, eps, momentum, frozen));

    /// <summary>max(x, 0).</summary>
    public NetworkBuilder Relu() => Add("relu", "relu", n => new Relu(n));

    /// <summary>1 / (1 + exp(-x)).</summary>
    public NetworkBuilder Sigmoid() => Add("sigmoid", "sigmoid", n => new Sigmoid(n));

    /// <summary>A factor and a shift per channel, both learned: <c>weight·x + bias</c>.</summary>
    /// <param name="name">Name within the scope; <c>scale1</c>, <c>scale2</c> … by default.</param>
    /// <exception cref="NetworkException">The name is no name, or taken.</exception>
    public NetworkBuilder Scale(string? name = null) => Add(name, "scale", n => new Scale(n));

    /// <summary>A constant factor and shift: <c>factor·x + shift</c>. 1 − x is <c>Scale(factor: -1, shift: 1)</c>.</summary>
    /// <param name="factor">The factor of each value; finite.</param>
    /// <param name="shift">The number that is added to the product; finite.</param>
    /// <exception cref="NetworkException">A constant is not finite.</exception>
    public NetworkBuilder Scale(double factor, double shift = 0) => Add("scale", "scale", n => new Scale(n, new(factor, shift)));

    /// <summary>Maximum over square windows.</summary>
    /// <param name="kernel">Height and width of the window.</param>
    /// <param name="stride">Step of the window; the kernel's size if zero.</param>
    /// <param name="padding">Cells added on each side, at most half the kernel; they never win.</param>
    /// <exception cref="NetworkException">A size is out of range, or the window does not fit.</exception>
    public NetworkBuilder MaxPool(int kernel, int stride = 0, int padding = 0) =>
        Add("maxpool", "maxpool", n => new MaxPool(n, kernel, stride == 0 ? kernel : stride, padding));

    /// <summary>Mean over square windows; padding counts as zeros.</summary>
    /// <param name="kernel">Height and width of the window.</param>
    /// <param name="stride">Step of the window; the kernel's size if zero.</param>
    /// <param name="padding">Zeros added on each side, at most half the kernel.</param>
    /// <param name="ceilMode">Whether rows and columns that the last window leaves over get a window of their own, the mean of what it covers.</param>
    /// <exception cref="NetworkException">A size is out of range, or the window does not fit.</exception>
    public NetworkBuilder AveragePool(int kernel, int stride = 0, int padding = 0, bool ceilMode = false) =>
        Add("avgpool", "avgpool", n => new AveragePool(n, kernel, stride == 0 ? kernel : stride, padding, ceilMode));

    /// <summary>Mean of each feature map.</summary>
    public NetworkBuilder GlobalAveragePool() => Add("avgpool", "avgpool", n => new GlobalAveragePool(n));

    /// <summary>Feature maps as one vector of channels × height × width values, as PyTorch's <c>flatten</c> orders them.</summary>
    /// <exception cref="NetworkException">The vector would be too long.</exception>
    public NetworkBuilder Flatten() => Add("flatten", "flatten", n => new Flatten(n));

    /// <summary>Fully connected layer over a vector.</summary>
    /// <param name="units">Length of the output; of the last layer, the number of classes.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="name">Name within the scope; <c>fc</c> by default.</param>
    /// <exception cref="NetworkException">The input is not a vector, or a size is out of range.</exception>
    public NetworkBuilder Dense(int units, bool bias = true, string? name = null) =>
        Add(name, "fc", n => new Dense(n, units, bias));

    /// <summary>Sets values to zero at random while training.</summary>
    /// <param name="rate">Probability of zero; from 0 up to, but not, 1.</param>
    /// <exception cref="NetworkException">The rate is out of range.</exception>
    public NetworkBuilder Dropout(double rate) => Add("dropout", "dropout", n => new Dropout(n, rate));

    /// <summary>
    /// Drops whole images at random while training: at the end of a residual branch, the unit is then the identity (stochastic depth,
    /// Huang et al. 2016). The rate rises linearly with depth: of L such layers in the network, the l-th drops with l / L times the rate.
    /// </summary>
    /// <param name="rate">Probability with which the network's last such layer drops an image; from 0 up to, but not, 1.</param>
    /// <exception cref="NetworkException">The rate is out of range.</exception>
    public NetworkBuilder StochasticDepth(double rate) => Add("stochasticdepth", "stochasticdepth", n => new StochasticDepth(n, rate));

    /// <summary>Names this point of the network, so that its value can be asked for.</summary>
    /// <param name="name">Name of the tap, unique in the network.</param>
    /// <exception cref="NetworkException">The name is empty or taken.</exception>
    public NetworkBuilder Tap(string name)
    {
        RequireInput();
        Add(name ?? "", "tap", n => new Tap(n));
        return _taps.Add(name!) ? this : throw NameScope.Taken(name!);
    }

    /// <summary>
    /// Makes the value at this point an output of the network; the next layer continues from it. At the end of the network it names
    /// the network's end, which is the output <c>output</c> otherwise.
    /// </summary>
    /// <param name="name">Name of the output, unique in the network.</param>
    /// <exception cref="NetworkException">The name is empty or taken.</exception>
    public NetworkBuilder Output(string name)
    {
        RequireInput();
        ClaimOutput(name);
        return Add(name, "output", n => new Output(n));
    }

    void ClaimOutput(string? name)
    {
        NameScope.Check(name ?? "");
        if (!_outputs.Add(name!)) throw NameScope.Taken(name!);
    }
}
