using System.Runtime.InteropServices;
using TorchSharp;

namespace ResNet.Peers.Torch;

/// <summary>The native library that TorchSharp needs.</summary>
static class TorchLibrary
{
    /// <summary>Loads it, before TorchSharp itself would: its own error does not name what the system lacks.</summary>
    /// <param name="reason">What is missing, one line; empty if nothing is.</param>
    /// <returns>Whether TorchSharp can be used.</returns>
    public static bool TryLoad(out string reason)
    {
        reason = "";
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, searchPath: null);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // One line for each place that was tried. What was found and could not be loaded says more than the places without a file.
            var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            reason = lines.Skip(1).FirstOrDefault(line => !line.Contains("LibTorchSharp", StringComparison.Ordinal) || line.Contains("required by", StringComparison.Ordinal))
                ?? lines[0].Split(". ")[0];
            return false;
        }
    }
}
