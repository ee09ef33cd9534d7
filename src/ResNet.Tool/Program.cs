using ResNet.Tool;
using ResNet.Tool.Output;

return await ResNetCommand.RunAsync(args, Streams.OfProcess());
