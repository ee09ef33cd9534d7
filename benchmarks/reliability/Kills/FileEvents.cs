using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace ResNet.Reliability.Kills;

/// <summary>A change of a file.</summary>
/// <param name="InRun">Whether it is in the run's folder rather than among the images of the validation.</param>
/// <param name="Name">The file's name.</param>
/// <param name="IsEnd">Whether it is the last change of the file: it was renamed to this name, or deleted.</param>
readonly record struct FileEvent(bool InRun, string Name, bool IsEnd);

/// <summary>Reports changes of files in order and within microseconds, by Linux' inotify; .NET's watcher does not report that files are opened.</summary>
sealed unsafe partial class FileEvents : IDisposable
{
    // Closing a file is left out: the end of a process closes all of its files.
    const uint Modify = 0x2, Open = 0x20, MovedTo = 0x80, Create = 0x100, Delete = 0x200, IsFolder = 0x4000_0000;
    const int HeaderBytes = 16;
    const short PollIn = 1;

    readonly int _handle;
    readonly int _run;
    readonly byte[] _buffer = new byte[1 << 16];

    /// <summary>Begins to watch.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="images">The folders of the images of the validation.</param>
    public FileEvents(string run, IEnumerable<string> images)
    {
        _handle = Checked(Init(0));
        _run = Checked(Watch(_handle, run, Modify | MovedTo | Create | Delete));
        foreach (var folder in images) Checked(Watch(_handle, folder, Open));
    }

    /// <summary>Waits for changes.</summary>
    /// <param name="milliseconds">The longest time to wait.</param>
    public IReadOnlyList<FileEvent> Wait(int milliseconds)
    {
        var poll = new PollEntry { Handle = _handle, Events = PollIn, Returned = 0 };
        if (Poll(&poll, 1, milliseconds) <= 0) return [];
        fixed (byte* bytes = _buffer)
        {
            var count = (int)Read(_handle, bytes, _buffer.Length);
            var events = new List<FileEvent>();
            for (var at = 0; at < count;)
            {
                // struct inotify_event: int wd; uint32_t mask, cookie, len; char name[].
                var entry = _buffer.AsSpan(at);
                var length = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);
                var mask = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]);
                var name = Encoding.UTF8.GetString(entry.Slice(HeaderBytes, length)).TrimEnd('\0');
                if ((mask & IsFolder) == 0) events.Add(new(BinaryPrimitives.ReadInt32LittleEndian(entry) == _run, name, (mask & (MovedTo | Delete)) != 0));
                at += HeaderBytes + length;
            }
            return events;
        }
    }

    public void Dispose() => _ = Close(_handle);

    /// <summary>Ends a process at once, as <c>kill -9</c> does, or asks it to end.</summary>
    public static void Kill(int process, bool ask = false) => _ = SendSignal(process, ask ? 15 : 9);

    static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    struct PollEntry
    {
        public int Handle;
        public short Events, Returned;
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int Init(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Watch(int handle, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int handle, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
