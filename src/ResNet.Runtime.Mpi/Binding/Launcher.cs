using System.Globalization;

namespace ResNet.Runtime.Mpi.Binding;

/// <summary>The program that has started this process, as far as the environment names it.</summary>
/// <param name="Family">Its implementation of MPI; null where it serves several.</param>
/// <param name="Size">Number of processes that it has started.</param>
/// <param name="Variable">The variable that says so.</param>
sealed record Launcher(MpiFamily? Family, int Size, string Variable)
{
    static readonly (MpiFamily? Family, string Variable)[] _known = [(MpiFamily.OpenMpi, "OMPI_COMM_WORLD_SIZE"), (MpiFamily.Mpich, "PMI_SIZE"), (null, "SLURM_NTASKS")];

    /// <summary>Finds the launcher; null if there is none.</summary>
    /// <param name="variable">The value of a variable of the environment; null if it is not set.</param>
    public static Launcher? Find(Func<string, string?> variable)
    {
        foreach (var (family, name) in _known)
            if (int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return new(family, size, name);
        return null;
    }
}
