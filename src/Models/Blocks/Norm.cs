using System.Text.Json.Nodes;
using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Which normalisation stands between a decoder's convolution and its activation.</summary>
public enum Normalization
{
    /// <summary>Batch normalisation.</summary>
    BatchNorm,

    /// <summary>Instance normalisation, for batches of one: group normalisation with a group for each channel.</summary>
    InstanceNorm,

    /// <summary>Over the channels of each pixel.</summary>
    LayerNorm,

    /// <summary>None; the convolution then has a bias.</summary>
    Identity,
}

/// <summary>A normalisation with its numbers: what SMP's <c>decoder_use_norm</c> says.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Affine">Whether a scale and a shift are learnt.</param>
/// <param name="Eps">Added to the variance.</param>
/// <param name="Momentum">Share of a batch in the running statistics of batch normalisation.</param>
public sealed record Norm(Normalization Kind, bool Affine = true, double Eps = 1e-5, double Momentum = 0.1)
{
    private const string Allowed = "true, false, batchnorm, instancenorm, layernorm, inplace, identity, or {type: one of these, affine: …, eps: …, momentum: …}";

    /// <summary>Batch normalisation with PyTorch's numbers.</summary>
    public static Norm Batch { get; } = new(Normalization.BatchNorm);

    /// <summary>Reads an option as SMP writes it: a truth value, a name, or <c>{type: instancenorm, affine: true}</c>.</summary>
    /// <remarks>
    /// Where SMP's bare "instancenorm" and "layernorm" fail, they work here, with learnt scale and shift. "inplace" saves memory there; here
    /// it is batch normalisation, whose numbers it has.
    /// </remarks>
    /// <exception cref="ConfigurationException">It is none of these.</exception>
    public static Norm Of(string option, JsonNode? written)
    {
        var type = written is JsonObject options ? options["type"] : written;
        var kind = type?.ToString() switch
        {
            "batchnorm" or "inplace" or "true" => Normalization.BatchNorm,
            "instancenorm" => Normalization.InstanceNorm,
            "layernorm" => Normalization.LayerNorm,
            "identity" or "false" => Normalization.Identity,
            _ => throw Refused(option, written),
        };
        var norm = new Norm(kind);
        foreach (var (key, value) in (written as JsonObject ?? []).Where(o => o.Key != "type"))
        {
            norm = (key, value?.GetValueKind()) switch
            {
                ("affine" or "elementwise_affine", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) => norm with { Affine = (bool)value! },
                ("eps", System.Text.Json.JsonValueKind.Number) => norm with { Eps = (double)value! },
                ("momentum", System.Text.Json.JsonValueKind.Number) => norm with { Momentum = (double)value! },
                _ => throw Refused(option, written),
            };
        }

        return norm;
    }

    /// <summary>A layer for (N, C, H, W) of this many channels.</summary>
    public Module<Tensor, Tensor> Layer(int channels) => Kind switch
    {
        Normalization.BatchNorm => BatchNorm2d(channels, eps: Eps, momentum: Momentum, affine: Affine),
        Normalization.InstanceNorm => GroupNorm(channels, channels, eps: Eps, affine: Affine),
        Normalization.LayerNorm => new LayerNorm2d(channels, Eps, Affine),
        _ => Identity(),
    };

    private static ConfigurationException Refused(string option, JsonNode? written) =>
        new($"{option} {written?.ToJsonString() ?? "null"} is unknown; allowed are {Allowed}.");
}
