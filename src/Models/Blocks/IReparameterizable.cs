using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>An encoder of parallel branches whose sum a single convolution can give: trained with the branches, run without.</summary>
/// <remarks>Ding et al. 2021, arXiv:2101.03697.</remarks>
public interface IReparameterizable
{
    /// <summary>
    /// A copy with one convolution for each set of branches, which gives what this one gives in evaluation, but for rounding. It is in
    /// evaluation mode and the caller's; this one stays as it is.
    /// </summary>
    Encoder Reparameterized();
}
