namespace ResNet.Dsl;

/// <summary>
/// A node of the layer tree: equatable, without any state but what declares it.
/// </summary>
/// <param name="Name">Name within the enclosing scope, torchvision's where there is one; empty for a node that opens no scope.</param>
public abstract record Layer(string Name);

/// <summary>Convolution over square kernels. Parameters <c>weight</c> (out × in/groups × k × k) and, with a bias, <c>bias</c> (out).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Step of the kernel in both directions.</param>
/// <param name="Padding">Zeros added on each of the four sides.</param>
/// <param name="Dilation">Distance between kernel taps.</param>
/// <param name="Groups">Number of channel groups that do not see each other.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record Conv2d(string Name, int Channels, int Kernel, int Stride = 1, int Padding = 0, int Dilation = 1, int Groups = 1, bool Bias = false) : Layer(Name);

/// <summary>
/// Batch normalization. Parameters <c>weight</c> (gamma), <c>bias</c> (beta); statistics <c>running_mean</c>, <c>running_var</c>; each one per channel.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Weight of the newest batch in the running statistics.</param>
public sealed record BatchNorm(string Name, double Epsilon = 1e-5, double Momentum = 0.1) : Layer(Name);

/// <summary>max(x, 0).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record Relu(string Name) : Layer(Name);

/// <summary>Maximum over square windows; the padding never wins.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Stride">Step of the window.</param>
/// <param name="Padding">Cells added on each of the four sides; at most half the kernel.</param>
public sealed record MaxPool(string Name, int Kernel, int Stride, int Padding = 0) : Layer(Name);

/// <summary>Mean over square windows; padding counts as zeros, as in PyTorch.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Kernel">Height and width of the window.</param>
/// <param name="Stride">Step of the window.</param>
/// <param name="Padding">Zeros added on each of the four sides; at most half the kernel.</param>
public sealed record AveragePool(string Name, int Kernel, int Stride, int Padding = 0) : Layer(Name);

/// <summary>Mean of each feature map: a vector of one value per channel.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
public sealed record GlobalAveragePool(string Name) : Layer(Name);

/// <summary>Fully connected layer over a vector. Parameters <c>weight</c> (units × in) and, with a bias, <c>bias</c> (units).</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Units">Length of the output vector.</param>
/// <param name="Bias">Whether a bias is added.</param>
public sealed record Dense(string Name, int Units, bool Bias = true) : Layer(Name);

/// <summary>Sets values to zero at random while training; the identity otherwise.</summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Rate">Probability of zero.</param>
public sealed record Dropout(string Name, double Rate) : Layer(Name);

/// <summary>
/// The parameter-free shortcut (option A, He et al. 2015, section 3.3): every <paramref name="Stride"/>-th row and column,
/// with zero feature maps added on both sides up to <paramref name="Channels"/>; of an odd number, the last side gets one more.
/// </summary>
/// <param name="Name">Name within the enclosing scope.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Stride">Step between the rows and columns kept.</param>
public sealed record ZeroPad(string Name, int Channels, int Stride) : Layer(Name);

/// <summary>The identity, under a name by which its value can be asked for.</summary>
/// <param name="Name">Name of the tap, unique in the network.</param>
public sealed record Tap(string Name) : Layer(Name);
