using Osteon.Torch.Interop;

namespace Osteon.Torch;

/// <summary>Who runs what operators do on several threads.</summary>
/// <remarks>
/// A network of small layers is hundreds of parallel regions, some microseconds apart. The bridge's own teams of threads stay awake between
/// them while nobody else wants their core, and sleep at once when somebody does. The shares and so the bits are those of libgomp.
/// </remarks>
public static class ParallelRegions
{
    /// <summary>
    /// Whether the bridge's teams do. Else libgomp does: where a variable of OpenMP other than OMP_NUM_THREADS is set (its own tuning holds then), or where a library
    /// of the process needs more of OpenMP than the teams offer.
    /// </summary>
    public static bool RunByTeams => Native.Check(NativeMethods.osteon_get_threads()) > 0 && NativeMethods.HasTeams;
}
