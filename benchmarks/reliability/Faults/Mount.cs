using System.Diagnostics;

namespace ResNet.Reliability.Faults;

/// <summary>A small file system in memory, mounted in a folder until it is disposed.</summary>
sealed class Mount : IDisposable
{
    readonly string _folder;

    /// <exception cref="SkippedException">Mounting is not allowed: only the superuser may mount.</exception>
    public Mount(string folder, int megabytes)
    {
        Directory.CreateDirectory(_folder = folder);
        if (!Call("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder)) throw new SkippedException("a file system can be mounted by root only");
    }

    /// <summary>Fills the disk except for that number of bytes.</summary>
    public void Fill(long but)
    {
        var ballast = Path.Combine(_folder, "ballast");
        File.Delete(ballast);
        var left = new DriveInfo(_folder).AvailableFreeSpace - but;
        using var file = File.Create(ballast);
        var bytes = new byte[4096];
        for (; left >= bytes.Length; left -= bytes.Length) file.Write(bytes);
    }

    /// <summary>Removes the ballast.</summary>
    public void Free() => File.Delete(Path.Combine(_folder, "ballast"));

    public void SetReadOnly(bool isReadOnly)
    {
        if (!Call("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _folder)) throw new SkippedException("the file system cannot be mounted anew");
    }

    public void Dispose() => Call("umount", _folder);

    static bool Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
