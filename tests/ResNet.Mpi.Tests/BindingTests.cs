using ResNet.Runtime.Communication;
using ResNet.Runtime.Mpi;
using ResNet.Runtime.Mpi.Binding;

namespace ResNet.Mpi.Tests;

public class BindingTests
{
    [Fact]
    public void Without_an_MPI_the_error_says_what_to_install()
    {
        const string Variable = "RESNET_MPI";
        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "libno-such-mpi.so");
        try
        {
            var message = Assert.Throws<CommunicationException>(() => MpiCommunicator.Open()).Message;
            string[] parts = OperatingSystem.IsWindows() ? ["Windows is not supported"]
                : ["libno-such-mpi.so", "apt install openmpi-bin", "conda install -c conda-forge openmpi", "brew install open-mpi", Variable];
            foreach (var part in parts)
                Assert.Contains(part, message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    [Theory]
    [InlineData("OMPI_COMM_WORLD_SIZE=4 SLURM_NTASKS=8", MpiFamily.OpenMpi, 4)]
    [InlineData("PMI_SIZE=2", MpiFamily.Mpich, 2)]
    [InlineData("SLURM_NTASKS=8", null, 8)]
    public void The_launcher_follows_from_the_environment(string variables, object? family, int size)
    {
        var set = variables.Split(' ').Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[1]);
        var launcher = Launcher.Find(set.GetValueOrDefault)!;
        Assert.Equal((family, size), (launcher.Family, launcher.Size));
        Assert.Equal($"{size}", set[launcher.Variable]);
    }

    [Theory, InlineData(""), InlineData("PMI_SIZE=many"), InlineData("PMI_SIZE=-1")]
    public void A_process_without_a_launcher_is_alone(string variables) => Assert.Null(Launcher.Find(name => variables.StartsWith($"{name}=", StringComparison.Ordinal) ? variables[(name.Length + 1)..] : null));

    [Fact]
    public void The_launchers_own_MPI_is_tried_first()
    {
        var any = MpiLibrary.Candidates(null).ToList();
        var mpich = MpiLibrary.Candidates(MpiFamily.Mpich).ToList();
        Assert.NotEqual(any[0], mpich[0]);
        Assert.Equal(any.Order(), mpich.Order());
        Assert.Contains(mpich, name => name.Contains("mpi_abi", StringComparison.Ordinal));
    }

    /// <summary>Constants of the ABI that MPI 5.0 defines, tables of appendix A; of Open MPI the exported addresses.</summary>
    [Fact]
    public void The_family_follows_from_what_a_library_exports()
    {
        Assert.Equal(MpiFamily.Mpich, MpiConstants.Of("/lib/libmpi.so.12", _ => null).Family);
        var abi = MpiConstants.Of("/lib/libmpi_abi.so.0", _ => null);
        Assert.Equal((MpiFamily.StandardAbi, 0x101, 0x21, 2048), (abi.Family, abi.World, abi.Sum, abi.Serialized));
        var open = MpiConstants.Of("libmpi.so.40", name => name.Length);
        Assert.Equal((MpiFamily.OpenMpi, "ompi_mpi_comm_world".Length, "ompi_mpi_float".Length), (open.Family, open.World, open.Float));
        Assert.Throws<EntryPointNotFoundException>(() => MpiConstants.Of("libmpi.so.40", name => name == "ompi_mpi_comm_world" ? 1 : null));
    }
}
