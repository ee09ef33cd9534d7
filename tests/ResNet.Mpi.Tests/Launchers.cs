using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Xunit.Sdk;

// Ranks that wait ask again and again: jobs beside each other would take the cores from each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ResNet.Mpi.Tests;

/// <summary>A test case that Open MPI launches.</summary>
sealed class OpenMpiAttribute : LauncherAttribute
{
    public OpenMpiAttribute() : base("openmpi-bin", "Open MPI", Programs.OpenMpi, "mpirun.openmpi")
    {
    }
}

/// <summary>A test case that MPICH launches.</summary>
sealed class MpichAttribute : LauncherAttribute
{
    public MpichAttribute() : base("mpich", "MPICH", "HYDRA", "mpirun.mpich")
    {
    }
}

/// <summary>A test case that an MPI launches; it is skipped, and names the package, where that MPI is not installed.</summary>
abstract class LauncherAttribute : DataAttribute
{
    readonly string _program;

    protected LauncherAttribute(string package, string name, string version, string program)
    {
        _program = Programs.Find(program) ?? (Programs.Find("mpirun") is { } any && Programs.VersionOf(any).Contains(version, StringComparison.OrdinalIgnoreCase) ? any : "");
        if (_program.Length == 0) Skip = $"there is no mpirun of {name}: install {package}";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_program]];
}

/// <summary>A test case with the launcher of one MPI and the library of the other; it is skipped, and names the packages, unless both are installed.</summary>
sealed class BothMpisAttribute : DataAttribute
{
    readonly string _launcher, _library;

    public BothMpisAttribute(bool isOpenMpi)
    {
        (_launcher, _library) = (Programs.Find(isOpenMpi ? "mpirun.openmpi" : "mpirun.mpich") ?? "", isOpenMpi ? "libmpich.so.12" : "libmpi.so.40");
        if (_launcher.Length == 0 || !NativeLibrary.TryLoad(_library, out _)) Skip = "there are not two MPIs: install openmpi-bin and mpich";
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[_launcher, _library]];
}

/// <summary>Programs on the path.</summary>
static class Programs
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>In the version of Open MPI's launcher: "mpirun (Open MPI) 4.1.4", or "(OpenRTE)".</summary>
    public const string OpenMpi = "(Open";

    public static bool IsOpenMpi(string launcher) => VersionOf(launcher).Contains(OpenMpi, StringComparison.Ordinal);

    public static string VersionOf(string program)
    {
        var start = StartOf(program);
        start.ArgumentList.Add("--version");
        using var process = Process.Start(start)!;
        return process.StandardOutput.ReadToEnd();
    }

    /// <summary>The start of a launcher, which may be root in a container.</summary>
    public static ProcessStartInfo StartOf(string launcher)
    {
        var start = new ProcessStartInfo(launcher) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        return start;
    }
}
