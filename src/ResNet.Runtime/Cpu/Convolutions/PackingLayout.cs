namespace ResNet.Runtime.Cpu.Convolutions;

/// <summary>The order in which the packed weights of a layer stand: those of equal layout are the same for all sizes of images.</summary>
/// <param name="Algorithm">Direct convolution, or the minimal filter.</param>
/// <param name="InChannels">Channels that are read.</param>
/// <param name="Kernel">Rows and columns of the kernel.</param>
/// <param name="Lanes">Channels of a block of the input.</param>
/// <param name="Blocks">Blocks of the output that a panel has.</param>
/// <param name="Depth">Input channels that a tile multiplies at each tap of a block.</param>
readonly record struct PackingLayout(string Algorithm, int InChannels, int Kernel, int Lanes, int Blocks, int Depth);
