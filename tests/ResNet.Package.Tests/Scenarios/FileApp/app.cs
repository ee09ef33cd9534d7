#:package ResNet.Runtime@VERSION
using ResNet.Dsl;
using ResNet.Runtime;

using var net = new MyNet();
net.Load(args[0]);
foreach (var prediction in net.Classify(Image.Load(args[1]), top: 3)) Console.WriteLine(prediction);

[CifarResNet(Depth = 20)]
partial class MyNet;
