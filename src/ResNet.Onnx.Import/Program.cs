using ResNet.Onnx;

// ResNet.Onnx.targets alone uses this command line; people use "resnet import". An empty name of the class stands for that of the file.
if (args is not [var model, var source, var targetNamespace, var className])
{
    Console.WriteLine("expected MODEL SOURCE NAMESPACE CLASS");
    return 2;
}
try
{
    OnnxSource.Import(model, source, new() { ClassName = className.Length > 0 ? className : null, Namespace = targetNamespace, Overwrite = true, IsGenerated = true });
    return 0;
}
catch (Exception e) when (e is OnnxException or IOException or UnauthorizedAccessException or ArgumentException)
{
    // The build shows the line beside the model's name.
    Console.WriteLine(e.Message);
    return 1;
}
