open System
open ResNet.Runtime
open ResNet.Zoo

// Names what a picture shows, with a network of the zoo:
//   dotnet run --project examples/ClassifyFSharp -- docs/images/ship.png examples/weights/cifar-resnet20.safetensors
// Networks are declared in C#; F# uses those of ResNet.Zoo, and those that a C# project declares.

[<EntryPoint>]
let main args =
    match args with
    | [| picture; weights |] ->
        use net = Models.CifarResNet20.Create()
        net.Load weights
        for prediction in net.Classify(Image.Load picture, top = 3) do
            Console.WriteLine prediction
        0
    | _ ->
        eprintfn "usage: ClassifyFSharp PICTURE WEIGHTS"
        2
