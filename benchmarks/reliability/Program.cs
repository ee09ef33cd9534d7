using ResNet.Reliability;

return ReliabilityCommand.Create().Parse(args).Invoke();
