using System.Threading.Channels;
using ResNet.Runtime;

namespace ResNet.Tool.Data;

/// <summary>A file as a network takes it.</summary>
/// <typeparam name="T">The input of a network.</typeparam>
/// <param name="Path">The file.</param>
/// <param name="Image">The image; null if the file cannot be read.</param>
/// <param name="Error">The reason why it cannot be; null if it is.</param>
sealed record ReadImage<T>(string Path, T? Image, string? Error = null) where T : class;

/// <summary>Decodes and prepares files on all cores, a bounded number of them ahead of who takes them.</summary>
static class ImageReader
{
    /// <summary>Starts to read.</summary>
    /// <param name="images">The files, enumerated on another thread.</param>
    /// <param name="prepare">Prepares a decoded image; files are decoded while it waits for a network.</param>
    /// <param name="ahead">The most images that are read or wait to be taken.</param>
    /// <param name="cancellationToken">Stops between images.</param>
    /// <returns>The files in their order.</returns>
    public static ChannelReader<Task<ReadImage<T>>> Start<T>(IEnumerable<NamedImage> images, Func<Image, Task<T>> prepare, int ahead, CancellationToken cancellationToken) where T : class
    {
        var channel = Channel.CreateBounded<Task<ReadImage<T>>>(new BoundedChannelOptions(ahead) { SingleReader = true, SingleWriter = true });
        _ = Task.Run(async () =>
        {
            try
            {
                foreach (var image in images)
                {
                    await channel.Writer.WaitToWriteAsync(cancellationToken);
                    channel.Writer.TryWrite(Task.Run(() => ReadAsync(image, prepare), cancellationToken));
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

    static async Task<ReadImage<T>> ReadAsync<T>(NamedImage image, Func<Image, Task<T>> prepare) where T : class
    {
        if (image.Error is not null) return new(image.Path, null, image.Error);
        try
        {
            return new(image.Path, await prepare(Image.Load(image.Path)));
        }
        catch (Exception e) when (e is ImageException or IOException or UnauthorizedAccessException)
        {
            // Some errors name the file and some do not.
            return new(image.Path, null, e.Message.Contains(image.Path, StringComparison.Ordinal) ? e.Message : $"{image.Path}: {e.Message}");
        }
    }
}
