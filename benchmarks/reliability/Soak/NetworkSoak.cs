using System.Globalization;
using ResNet.Runtime;
using ResNet.Runtime.Data;
using ResNet.Zoo;

namespace ResNet.Reliability.Soak;

/// <summary>
/// Eight threads that classify, replace weights, change sizes, dispose and recreate networks. Each answer is compared with the one that the same weights
/// gave at first.
/// </summary>
/// <param name="duration">The duration.</param>
sealed class NetworkSoak(TimeSpan duration)
{
    const int Workers = 8, Images = 16;
    static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);
    static readonly CpuDevice _device = new(threads: 1);
    static readonly int[] _sizes = [24, 40, 48, 56];

    readonly Image[] _images = [.. Enumerable.Range(0, Images).Select(new Shapes10(Images).Load)];
    readonly string[] _weights = new string[2];
    readonly string[][] _answers = new string[2][];
    readonly long[] _counts = new long[4];

    /// <summary>Runs, and reports the figures of the process.</summary>
    /// <returns>Whether all answers were right and nothing grew.</returns>
    public bool Run(string? chart, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("resnet-soak-").FullName;
        try
        {
            Prepare(folder);
            using var shared = new Classifier(Open(0));
            var figures = new ProcessFigures(Environment.ProcessId);
            using var stop = new CancellationTokenSource(duration);
            var workers = Enumerable.Range(0, Workers).Select(worker => Task.Factory.StartNew(
                () => Work(worker, shared, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            while (!stop.IsCancellationRequested)
            {
                figures.Take();
                stop.Token.WaitHandle.WaitOne(_interval);
            }
            Task.WaitAll(workers, CancellationToken.None);
            figures.Take();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_counts[0]} classifications by one network for all, {_counts[1]} replaced weights, {_counts[2]} changed sizes, {_counts[3]} networks made anew; all answers as at first"));
            return figures.Tell("Eight threads that classify, replace weights, change sizes and recreate networks", chart, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Two files of weights, and the answers of each.</summary>
    void Prepare(string folder)
    {
        for (var i = 0; i < _weights.Length; i++)
        {
            var network = new CifarResNet20(_device);
            using var classifier = new Classifier(network);
            new Runtime.Weights.Initialization.HeInitializer((ulong)i).Initialize(network.Parameters);
            network.Save(_weights[i] = Path.Combine(folder, $"{i}.safetensors"));
            _answers[i] = [.. _images.Select(image => Answer(classifier, image))];
        }
    }

    void Work(int worker, Classifier shared, CancellationTokenSource stop)
    {
        try
        {
            var random = new Random(worker);
            // A classifier disposes its network, and answers by the weights that the network has at the time.
            var own = Open(0);
            using var classifier = new Classifier(own);
            while (!stop.IsCancellationRequested)
            {
                var (action, weights, image) = (random.Next(_counts.Length), random.Next(_weights.Length), random.Next(Images));
                switch (action)
                {
                    case 0:
                        Check(shared, 0, image);
                        break;
                    case 1:
                        own.Load(_weights[weights]);
                        Check(classifier, weights, image);
                        break;
                    case 2:
                        var side = _sizes[random.Next(_sizes.Length)];
                        using (var resized = new Classifier(own.WithInputSize(side, side))) _ = resized.Classify(_images[image]);
                        break;
                    default:
                        using (var recreated = new Classifier(Open(weights))) Check(recreated, weights, image);
                        break;
                }
                Interlocked.Increment(ref _counts[action]);
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    Network Open(int weights) => Network.Open(_weights[weights], _device);

    void Check(Classifier classifier, int weights, int image)
    {
        var answer = Answer(classifier, _images[image]);
        if (answer != _answers[weights][image]) throw new InvalidOperationException($"Image {image} by weights {weights}: expected {_answers[weights][image]}, found {answer}");
    }

    static string Answer(Classifier classifier, Image image) =>
        string.Join(' ', classifier.Classify(image).Select(prediction => string.Create(CultureInfo.InvariantCulture, $"{prediction.Class}:{prediction.Probability:R}")));
}
