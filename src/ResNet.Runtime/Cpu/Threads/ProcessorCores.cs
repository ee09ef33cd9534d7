namespace ResNet.Runtime.Cpu.Threads;

/// <summary>Cores rather than hardware threads: two threads of a core share its multipliers, which one keeps busy.</summary>
static class ProcessorCores
{
    public static int Count { get; } = Find();

    static int Find()
    {
        var available = Environment.ProcessorCount;
        const string root = "/sys/devices/system/cpu";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(root)) return available;
        try
        {
            var cores = Directory.EnumerateDirectories(root, "cpu*")
                .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(file => File.ReadAllText(file))
                .Distinct()
                .Count();
            // A container may be given fewer than there are.
            return cores == 0 ? available : Math.Min(cores, available);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return available;
        }
    }
}
