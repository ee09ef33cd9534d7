using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace ResNet.Runtime.Gpu.Driver;

/// <summary>
/// Finds the drivers under the names that they are installed by: ILGPU asks for <c>libcuda.so</c> and <c>libOpenCL.so</c>,
/// which come with the development packages only. This assembly knows CUDA's by one name on all systems.
/// </summary>
static class NativeLibraries
{
    static readonly Dictionary<string, string[]> _names = new()
    {
        ["cuda"] = ["libcuda.so.1", "nvcuda"],
        ["OpenCL"] = ["libOpenCL.so.1"],
    };

    static readonly Lazy<bool> _set = new(() =>
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Load);
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Load);
            return true;
        }
        catch (InvalidOperationException)
        {
            // The program has set a resolver of its own.
            return false;
        }
    });

    public static void Resolve() => _ = _set.Value;

    static nint Load(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (_names.TryGetValue(name, out var versions) && !NativeLibrary.TryLoad(name, assembly, path, out _))
            foreach (var version in versions)
                if (NativeLibrary.TryLoad(version, assembly, path, out var handle)) return handle;
        return 0;
    }
}
