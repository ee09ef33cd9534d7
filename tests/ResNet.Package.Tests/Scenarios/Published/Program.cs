using ResNet.Runtime;
using ResNet.Zoo;
using Shop.Vision;

using (var photos = new PhotoNet()) Console.WriteLine("photos: " + Answers.Of(photos));
using var net = Models.CifarResNet20.Create();
net.Load(args[0]);
foreach (var prediction in net.Classify(Image.Load(args[1]), top: 3)) Console.WriteLine(prediction);
