using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace ResNet.Peers.Output;

/// <summary>The machine of the measurement.</summary>
/// <param name="Processor">Its name, with family and model, which tell generations of one name apart.</param>
/// <param name="Vectors">The widest vectors that the processor has, which the peers use.</param>
/// <param name="OwnVectors">Those of this library, which the runtime can be told to do without.</param>
/// <param name="Processors">Logical processors.</param>
/// <param name="System">The operating system.</param>
sealed record Machine(string Processor, string Vectors, string OwnVectors, int Processors, string System)
{
    public static Machine Here()
    {
        var features = X86Base.IsSupported ? X86Base.CpuId(7, 0).Ebx : 0;
        return new(ProcessorName(),
            Widest(has512: (features >> 16 & 1) != 0, has256: (features >> 5 & 1) != 0),
            Widest(Vector512.IsHardwareAccelerated, Vector256.IsHardwareAccelerated),
            Environment.ProcessorCount, RuntimeInformation.OSDescription);
    }

    static string ProcessorName()
    {
        if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
        // The brand string: three leaves of sixteen characters (AMD64 Architecture Programmer's Manual, volume 3, appendix E.4).
        var name = new StringBuilder();
        for (var leaf = 0x80000002; leaf <= 0x80000004; leaf++)
        {
            var (a, b, c, d) = X86Base.CpuId((int)leaf, 0);
            ReadOnlySpan<int> registers = [a, b, c, d];
            name.Append(Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers)));
        }
        var signature = X86Base.CpuId(1, 0).Eax;
        int family = signature >> 8 & 15, model = signature >> 4 & 15;
        if (family is 6 or 15) model += (signature >> 16 & 15) << 4;
        if (family == 15) family += signature >> 20 & 255;
        return FormattableString.Invariant($"{name.ToString().Replace("\0", "", StringComparison.Ordinal).Trim()} (family {family}, model {model})");
    }

    static string Widest(bool has512, bool has256) => has512 ? "AVX-512" : has256 ? "AVX2" : "128-bit vectors";
}
