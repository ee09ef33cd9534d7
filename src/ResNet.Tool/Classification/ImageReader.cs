using System.Threading.Channels;
using ResNet.Runtime;
using ResNet.Tool.Data;

namespace ResNet.Tool.Classification;

/// <summary>A file as a classifier's input.</summary>
/// <param name="Path">The file.</param>
/// <param name="Image">The input; null if the file cannot be read.</param>
/// <param name="Error">The reason why it cannot be; null if it is.</param>
sealed record ReadImage(string Path, PreparedImage? Image, string? Error = null);

/// <summary>Decodes and preprocesses files on all cores, a bounded number of them ahead of who takes them.</summary>
static class ImageReader
{
    /// <summary>Starts to read.</summary>
    /// <param name="images">The files, enumerated on another thread.</param>
    /// <param name="classifier">The classifier whose inputs they become; files are decoded before it is ready.</param>
    /// <param name="ahead">The most images that are read or wait to be taken.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>The files in their order.</returns>
    public static ChannelReader<Task<ReadImage>> Start(IEnumerable<NamedImage> images, Task<Classifier> classifier, int ahead, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<Task<ReadImage>>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        _ = Task.Run(async () =>
        {
            try
            {
                foreach (var image in images)
                {
                    await channel.Writer.WaitToWriteAsync(cancellationToken);
                    channel.Writer.TryWrite(Task.Run(() => ReadAsync(image, classifier), cancellationToken));
                }
                channel.Writer.Complete();
            }
#pragma warning disable CA1031 // whatever it is, the reader throws it
            catch (Exception e)
#pragma warning restore CA1031
            {
                channel.Writer.Complete(e);
            }
        }, CancellationToken.None);
        return channel.Reader;
    }

    static async Task<ReadImage> ReadAsync(NamedImage image, Task<Classifier> classifier)
    {
        if (image.Error is not null) return new(image.Path, null, image.Error);
        try
        {
            var decoded = Image.Load(image.Path);
            return new(image.Path, (await classifier).Prepare(decoded));
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            // Some errors name the file and some do not.
            return new(image.Path, null, e.Message.Contains(image.Path, StringComparison.Ordinal) ? e.Message : $"{image.Path}: {e.Message}");
        }
    }
}
