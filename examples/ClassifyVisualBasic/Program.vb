Imports ResNet.Runtime
Imports ResNet.Zoo

' Names what a picture shows, with a network of the zoo:
'   dotnet run --project examples/ClassifyVisualBasic -- docs/images/ship.png examples/weights/cifar-resnet20.safetensors
' Networks are declared in C#; Visual Basic uses those of ResNet.Zoo, and those that a C# project declares.

Module Program
    Function Main(args As String()) As Integer
        If args.Length <> 2 Then
            Console.Error.WriteLine("usage: ClassifyVisualBasic PICTURE WEIGHTS")
            Return 2
        End If
        Using net = Models.CifarResNet20.Create()
            net.Load(args(1))
            For Each prediction In net.Classify(Image.Load(args(0)), top:=3)
                Console.WriteLine(prediction)
            Next
        End Using
        Return 0
    End Function
End Module
