using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ResNet.Runtime;
using ResNet.Runtime.Detection.Drawing;
using ResNet.Tool.Data;
using ResNet.Tool.Output;

namespace ResNet.Tool.Detection;

/// <summary>Seeks objects in files, one after the other in their order, while others are read.</summary>
/// <param name="detector">The detector.</param>
/// <param name="threshold">Least score of an object.</param>
/// <param name="drawings">The destination of drawings, if there are any.</param>
sealed class FileDetector(Detector detector, double threshold, Drawings? drawings)
{
    /// <summary>Seeks objects in files as they come.</summary>
    public async IAsyncEnumerable<DetectedFile> DetectAsync(ChannelReader<Task<ReadImage<Image>>> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var reading in images.ReadAllAsync(cancellationToken))
        {
            var (path, image, error) = await reading;
            if (image is null)
            {
                yield return new(path, [], Error: error);
                continue;
            }
            var objects = await Task.Run(() => detector.Detect(image, threshold), cancellationToken);
            yield return new(path, objects, drawings?.Save(path, DetectionDrawing.Draw(image, objects)));
        }
    }
}
