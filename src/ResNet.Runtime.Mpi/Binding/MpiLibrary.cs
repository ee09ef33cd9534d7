using System.Runtime.InteropServices;
using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Mpi.Binding;

/// <summary>Finds the library of the installed MPI, beginning with the launcher's implementation.</summary>
static partial class MpiLibrary
{
    /// <summary>The variable of the environment that names a library in another place.</summary>
    public const string Variable = "RESNET_MPI";

    /// <summary>Loads the library.</summary>
    /// <param name="launcher">The program that has started the process; null if it is unknown.</param>
    /// <exception cref="CommunicationException">There is none; the message says what to install.</exception>
    public static (nint Library, string Path) Load(Launcher? launcher)
    {
        if (OperatingSystem.IsWindows()) throw new CommunicationException("MPI on Windows is not supported: Microsoft's has an interface of its own");
        // UCX, which moves the bytes in many MPIs, would catch the signal by which .NET finds null references. Variables that Environment sets do not reach C.
        _ = SetVariable("UCX_ERROR_SIGNALS", "", 0);
        string[] names = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? [given] : [.. Candidates(launcher?.Family)];
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library)) return (library, name);
        throw new CommunicationException(
            $"No MPI was found ({string.Join(", ", names.Select(Path.GetFileName).Distinct())}). Install one: \"apt install openmpi-bin\" on Debian and Ubuntu, \"conda install -c conda-forge openmpi\", or \"brew install open-mpi\"; {Variable} names a library that lies elsewhere");
    }

    /// <summary>File names of libraries in the order in which they are tried.</summary>
    /// <param name="first">The implementation to begin with; null for none.</param>
    internal static IEnumerable<string> Candidates(MpiFamily? first)
    {
        MpiFamily[] families = [MpiFamily.OpenMpi, MpiFamily.Mpich, MpiFamily.StandardAbi];
        string[] folders = ["", .. Folders()];
        return families.OrderBy(family => family != first).SelectMany(FilesOf).SelectMany(file => folders.Select(folder => Path.Combine(folder, file)));
    }

    static string[] FilesOf(MpiFamily family) => (family, OperatingSystem.IsMacOS()) switch
    {
        (MpiFamily.OpenMpi, false) => ["libmpi.so.40"],
        (MpiFamily.OpenMpi, true) => ["libmpi.40.dylib"],
        (MpiFamily.Mpich, false) => ["libmpich.so.12", "libmpi.so.12"],
        (MpiFamily.Mpich, true) => ["libmpi.12.dylib", "libmpich.12.dylib"],
        (_, false) => ["libmpi_abi.so.0", "libmpi_abi.so"],
        (_, true) => ["libmpi_abi.0.dylib", "libmpi_abi.dylib"],
    };

    /// <summary>Folders that the system's loader does not search.</summary>
    static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("CONDA_PREFIX") is { Length: > 0 } conda) yield return Path.Combine(conda, "lib");
        if (!OperatingSystem.IsMacOS()) yield break;
        yield return "/opt/homebrew/lib";
        yield return "/usr/local/lib";
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
