namespace ResNet.Runtime;

/// <summary>The library whose names a file of weights is written with. Reading recognizes all of them, and more.</summary>
public enum WeightNames
{
    /// <summary>torchvision's, which are this library's: <c>layer1.0.conv1.weight</c>, <c>fc.weight</c>.</summary>
    Torchvision,

    /// <summary>timm's: torchvision's for ResNets, <c>pre_logits.fc1.weight</c> and so on for VGG.</summary>
    Timm,

    /// <summary>The names of Hugging Face's transformers: <c>resnet.encoder.stages.0.layers.0.layer.0.convolution.weight</c>, <c>classifier.1.weight</c>.</summary>
    Transformers,
}
