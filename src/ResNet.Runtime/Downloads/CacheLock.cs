namespace ResNet.Runtime.Downloads;

/// <summary>Keeps two processes from filling one place of a cache.</summary>
static class CacheLock
{
    // How each system says that another process has the file; any other error will not pass by waiting.
    const int SharingViolation = unchecked((int)0x80070020), WouldBlockLinux = 11, WouldBlockMac = 35;

    /// <summary>
    /// Waits until no other process holds the lock. The lock file is left in place: were it deleted, a process that had
    /// opened it just before would lock a file that no other process sees.
    /// </summary>
    public static async Task<FileStream> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.HResult is SharingViolation or WouldBlockLinux or WouldBlockMac)
            {
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
