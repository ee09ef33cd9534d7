using System.Formats.Tar;

namespace ResNet.Runtime.Tests.Data;

/// <summary>Writes tar files.</summary>
static class TarFiles
{
    /// <summary>Writes files of some content and gives the archive's path.</summary>
    public static string WriteTar(this TemporaryFolder folder, string name, params (string Name, byte[] Content)[] files) => folder.WriteTar(name, TarEntryFormat.Pax, files);

    /// <inheritdoc cref="WriteTar(TemporaryFolder, string, ValueTuple{string, byte[]}[])"/>
    public static string WriteTar(this TemporaryFolder folder, string name, TarEntryFormat format, params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (file, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, file),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, file),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, file),
                };
                entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }
        return folder.Write(name, stream.ToArray());
    }
}
