using Microsoft.Extensions.Logging;
using ResNet.Runtime.Training;

namespace ResNet.Runtime.Tests.Training;

public class TrainingLoggerTests
{
    [Fact]
    public void Epochs_and_steps_are_told_at_their_levels()
    {
        var lines = new Lines();
        var logger = new TrainingLogger(lines);
        logger.OnStep(new(7, 1, 2, 0.5, 0.25, 0.1, 3, 100));
        logger.OnEpoch(new(9, 1, 0.5, 0.25, 0.75, 0.1, 12));
        logger.OnEpoch(new(18, 2, 0.25, 0.5, null, 0.1, 12));
        Assert.Equal(
        [
            (LogLevel.Debug, "Step 7 of epoch 1: loss 0.5, accuracy 0.25, learning rate 0.1, 100 images/s"),
            (LogLevel.Information, "Epoch 1: loss 0.5, accuracy 0.25, validation 0.75, 12 s"),
            (LogLevel.Information, "Epoch 2: loss 0.25, accuracy 0.5, validation (null), 12 s"),
        ], lines.Written);
    }

    sealed class Lines : ILogger
    {
        public List<(LogLevel Level, string Text)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add((logLevel, formatter(state, exception)));
    }
}
