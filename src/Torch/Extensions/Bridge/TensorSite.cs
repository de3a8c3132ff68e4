using System.Globalization;

namespace Osteon.Torch;

/// <summary>A place in the source where traced tensors were made.</summary>
/// <param name="Method">The innermost method outside this library, with its type.</param>
/// <param name="File">Its file, as the compiler saw it; null without symbols.</param>
/// <param name="Line">Its line, from 1; 0 without symbols.</param>
/// <param name="Calls">Methods of this library between there and the tensor, innermost first.</param>
/// <param name="Callers">Who called the method when it was first seen, innermost first; a few.</param>
/// <param name="Count">Tensors.</param>
/// <param name="Bytes">Bytes of the storages they were the first to hold, to the KiB; a view has none.</param>
public sealed record TensorSite(string Method, string? File, int Line, IReadOnlyList<string> Calls, IReadOnlyList<string> Callers, long Count, long Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} of {Bytes >> 10} KiB: {Method}{(File is null ? "" : $" in {File}:{Line}")}, by {string.Join(" < ", Calls)}{(Callers.Count == 0 ? "" : $"; called by {string.Join(" < ", Callers)}")}");
}
