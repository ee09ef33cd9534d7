using ResNet.Fuzz;
using SharpFuzz;

const int Failure = 1, UsageError = 2;

switch (args)
{
    case ["list"]:
        Console.WriteLine(string.Join('\n', AllFormats.Names));
        return 0;
    case ["seeds", var name, var folder] when AllFormats.Find(name) is { } format:
        format.WriteSeeds(folder);
        return 0;
    case ["run", var name] when AllFormats.Find(name) is { } format:
        // AFL++ starts this process; a second one reads the inputs, since an overflowing stack ends its process.
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var content = new MemoryStream();
            stream.CopyTo(content);
            format.Check(content.ToArray());
        });
        return 0;
    case ["replay", var name, .. var paths] when AllFormats.Find(name) is { } format:
        return Replay.Run(format, paths, Console.Out) ? 0 : Failure;
    default:
        Console.Error.WriteLine($"usage: fuzz list | seeds FORMAT FOLDER | run FORMAT | replay FORMAT FILE…\nformats: {string.Join(", ", AllFormats.Names)}");
        return UsageError;
}
