using System.Runtime.InteropServices;
using System.Text;
using ResNet.Runtime.Communication;

namespace ResNet.Runtime.Mpi.Binding;

/// <summary>The functions of MPI that this package calls, by their C names. All of them block: a blocking call makes progress by itself, any other only while a thread polls it.</summary>
sealed unsafe class MpiFunctions
{
    /// <summary>The largest value of MPI_MAX_LIBRARY_VERSION_STRING and MPI_MAX_ERROR_STRING in any implementation.</summary>
    const int LongestText = 16384;

    readonly nint _library;
    readonly MpiConstants _constants;
    readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> _allReduce;
    readonly delegate* unmanaged<void*, int, nint, int, nint, int> _broadcast;
    readonly delegate* unmanaged<nint, int> _barrier;
    readonly delegate* unmanaged<int, byte*, int*, int> _errorText;

    /// <summary>Finds the functions.</summary>
    /// <param name="library">The library.</param>
    /// <param name="path">The name or path by which it was loaded.</param>
    public MpiFunctions(nint library, string path)
    {
        _library = library;
        _constants = MpiConstants.Of(path, name => NativeLibrary.TryGetExport(library, name, out var address) ? address : null);
        _allReduce = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Find("MPI_Allreduce");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Find("MPI_Bcast");
        _barrier = (delegate* unmanaged<nint, int>)Find("MPI_Barrier");
        _errorText = (delegate* unmanaged<int, byte*, int*, int>)Find("MPI_Error_string");
    }

    /// <summary>Starts MPI, so that calls return errors and may come from any thread, one at a time.</summary>
    /// <returns>Number of this rank, and of all ranks.</returns>
    /// <exception cref="CommunicationException">MPI does not start, or serves one thread alone.</exception>
    public (int Rank, int Size) Begin()
    {
        int level, rank, size;
        Check(((delegate* unmanaged<int*, void*, int, int*, int>)Find("MPI_Init_thread"))(null, null, _constants.Serialized, &level));
        Check(((delegate* unmanaged<nint, nint, int>)Find("MPI_Comm_set_errhandler"))(_constants.World, _constants.ErrorsReturn));
        if (level < _constants.Serialized) throw new CommunicationException($"{Version()} was built to be called from one thread alone (level {level}); MPI_THREAD_SERIALIZED is needed");
        Check(((delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_rank"))(_constants.World, &rank));
        Check(((delegate* unmanaged<nint, int*, int>)Find("MPI_Comm_size"))(_constants.World, &size));
        return (rank, size);
    }

    /// <summary>The first line of the library's description of itself, such as <c>Open MPI v4.1.4</c>.</summary>
    public string Version()
    {
        var text = stackalloc byte[LongestText];
        int length;
        Check(((delegate* unmanaged<byte*, int*, int>)Find("MPI_Get_library_version"))(text, &length));
        return string.Join(' ', Encoding.UTF8.GetString(text, length).Split('\n', ',')[0].Trim('\0', ' ', '\r').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    public void Sum(Span<float> values)
    {
        fixed (float* data = values) Check(_allReduce((void*)_constants.InPlace, data, values.Length, _constants.Float, _constants.Sum, _constants.World));
    }

    public void Sum(Span<double> values)
    {
        fixed (double* data = values) Check(_allReduce((void*)_constants.InPlace, data, values.Length, _constants.Double, _constants.Sum, _constants.World));
    }

    public void Broadcast(Span<byte> values, int root)
    {
        fixed (byte* data = values) Check(_broadcast(data, values.Length, _constants.Byte, root, _constants.World));
    }

    public void Barrier() => Check(_barrier(_constants.World));

    /// <summary>Ends all ranks.</summary>
    public void Abort(int exitCode) => ((delegate* unmanaged<nint, int, int>)Find("MPI_Abort"))(_constants.World, exitCode);

    /// <summary>Ends MPI in this process.</summary>
    public void End() => Check(((delegate* unmanaged<int>)Find("MPI_Finalize"))());

    void Check(int error)
    {
        if (error == 0) return;
        var text = stackalloc byte[LongestText];
        var length = 0;
        _ = _errorText(error, text, &length);
        throw new CommunicationException($"MPI: {Encoding.UTF8.GetString(text, length)}");
    }

    nint Find(string name) => NativeLibrary.GetExport(_library, name);
}
