namespace ResNet.Runtime.Mpi.Binding;

/// <summary>The implementations of MPI, which differ in their kinds of handles.</summary>
enum MpiFamily
{
    /// <summary>Handles are the addresses of exported symbols.</summary>
    OpenMpi,

    /// <summary>Handles are numbers of 32 bits; Intel MPI and MVAPICH are of this family.</summary>
    Mpich,

    /// <summary>Handles are the small numbers of the ABI that MPI 5.0 defines, chapter 20.</summary>
    StandardAbi,
}

/// <summary>Handles and constants of an implementation, each as a machine word: calling conventions leave the upper half of a shorter one alone.</summary>
/// <param name="Family">The implementation.</param>
/// <param name="World">MPI_COMM_WORLD.</param>
/// <param name="Float">MPI_FLOAT.</param>
/// <param name="Double">MPI_DOUBLE.</param>
/// <param name="Byte">MPI_BYTE.</param>
/// <param name="Sum">MPI_SUM.</param>
/// <param name="ErrorsReturn">MPI_ERRORS_RETURN.</param>
/// <param name="InPlace">MPI_IN_PLACE.</param>
/// <param name="Serialized">MPI_THREAD_SERIALIZED: any thread may make calls, one at a time.</param>
sealed record MpiConstants(MpiFamily Family, nint World, nint Float, nint Double, nint Byte, nint Sum, nint ErrorsReturn, nint InPlace, int Serialized)
{
    /// <summary>Recognizes the implementation by the exports and the name of its library.</summary>
    /// <param name="path">The name or path by which the library was loaded.</param>
    /// <param name="symbol">The address of an exported symbol; null if there is none.</param>
    public static MpiConstants Of(string path, Func<string, nint?> symbol)
    {
        if (symbol("ompi_mpi_comm_world") is { } world)
            return new(MpiFamily.OpenMpi, world, Address("ompi_mpi_float"), Address("ompi_mpi_double"), Address("ompi_mpi_byte"),
                Address("ompi_mpi_op_sum"), Address("ompi_mpi_errors_return"), InPlace: 1, Serialized: 2);
        if (Path.GetFileName(path).Contains("mpi_abi", StringComparison.Ordinal))
            return new(MpiFamily.StandardAbi, 0x101, 0x210, 0x214, 0x247, 0x21, 0x143, InPlace: 1, Serialized: 2048);
        return new(MpiFamily.Mpich, 0x44000000, 0x4c00040a, 0x4c00080b, 0x4c00010d, 0x58000003, 0x54000001, InPlace: -1, Serialized: 2);

        nint Address(string name) => symbol(name) ?? throw new EntryPointNotFoundException($"{path} has no {name}");
    }
}
