using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>A published file of weights that an encoder can start from.</summary>
/// <param name="Encoder">The encoder's name.</param>
/// <param name="Names">What experiments call the set, e.g. imagenet; the first is the publisher's own.</param>
/// <param name="Id">What the publisher calls it, e.g. smp-hub/resnet50.imagenet: the folder of a <c>WeightStore</c>.</param>
/// <param name="File">The file's name there.</param>
/// <param name="Url">Where it can be had.</param>
/// <param name="Sha256">Its SHA-256 or the first digits of it, at least 8; null where the publisher does not say.</param>
/// <param name="Normalize">What images it was trained with.</param>
/// <param name="Licence">As the publisher says; null where it does not.</param>
/// <param name="Table">The table that lists it, for messages.</param>
public sealed record PublishedWeights(
    string Encoder, IReadOnlyList<string> Names, string Id, string File, Uri Url, string? Sha256, FixedOptions Normalize, string? Licence, string Table);
