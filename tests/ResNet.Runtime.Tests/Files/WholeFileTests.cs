using ResNet.Runtime.Files;

namespace ResNet.Runtime.Tests.Files;

public class WholeFileTests
{
    [Fact]
    public void A_disk_that_is_full_leaves_the_older_file_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("weights", "old");
        var thrown = Assert.Throws<IOException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("No space left on device", thrown.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_is_replaced_by_all_of_the_new_one()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("text", "something longer than what comes");
        WholeFile.WriteText(path, "größer\n");
        Assert.Equal("größer\n"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_link_stays_and_its_target_is_written()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        var target = folder.Write("target", "old");
        File.CreateSymbolicLink(folder.File("link"), target);
        WholeFile.WriteText(folder.File("link"), "new");
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(folder.File("link")).LinkTarget);
    }

    [Fact]
    public void A_device_is_written_and_not_replaced()
    {
        if (OperatingSystem.IsWindows()) return;
        WholeFile.WriteText("/dev/null", "text");
        Assert.False(new FileInfo("/dev/null").Attributes.HasFlag(FileAttributes.Directory));
        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }

    [Fact]
    public void While_it_is_written_the_older_file_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("text", "old");
        WholeFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void What_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        Assert.ThrowsAny<SystemException>(() => WholeFile.WriteText(folder.File("folder"), "text"));
        Assert.Throws<DirectoryNotFoundException>(() => WholeFile.WriteText(folder.File("missing/file"), "text"));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
