using ResNet.Dsl;
using ResNet.Runtime;

// Names what a photo shows, with torchvision's ResNet-50:
//   dotnet run --project examples/Classify -- photo.jpg [weights]
// Without a weights file, the published ones are downloaded once (98 MB) and kept in your cache folder.

if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: Classify PHOTO [WEIGHTS]");
    return 2;
}

using var net = new MyNet();
if (args.Length == 1) await net.LoadPublishedAsync("resnet50");
else
{
    net.Load(args[1]);
    // PyTorch's files do not name the classes.
    net.Labels = Labels.ImageNet;
}
foreach (var prediction in net.Classify(Image.Load(args[0]), top: 5))
    Console.WriteLine(prediction);
return 0;

[ResNet(Depth = 50)]
public partial class MyNet;
