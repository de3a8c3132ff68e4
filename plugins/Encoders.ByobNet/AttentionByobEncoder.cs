using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;

namespace Osteon.Plugins.Encoders.ByobNet;

/// <summary>What timm's constructor takes, and SMP passes on.</summary>
public sealed record AttentionByobOptions : EncoderOptions
{
    /// <summary>Side of the images, or height and width; null for 256.</summary>
    public JsonNode? ImgSize { get; init; }
}

/// <summary>timm's networks of blocks that one brings with attention among all pixels of a map, which take images of one size.</summary>
/// <remarks>BoTNet: Srinivas et al. 2021, arXiv:2101.11605; the others are timm's own.</remarks>
[Encoder("tu-botnet26t_256")]
[Encoder("tu-botnet50ts_256")]
[Encoder("tu-sebotnet33ts_256")]
[Encoder("tu-eca_botnext26ts_256")]
[Encoder("tu-lambda_resnet26rpt_256")]
[Encoder("tu-lamhalobotnet50ts_256")]
[Encoder("tu-halo2botnet50ts_256")]
public sealed class AttentionByobEncoder(AttentionByobOptions options) : TimmEncoder(options, ByobModel.Features(options), new ByobModel(options, Size(options)))
{
    private const int Nominal = 256, Smallest = 32;

    private readonly Frame _size = Size(options);

    /// <inheritdoc/>
    public override Frame? OnlySize => _size;

    private static Frame Size(AttentionByobOptions options) => ImageSize.Of(options.Name, options.ImgSize, Nominal, Math.Max(Smallest, ByobDesigns.Named(options.Name).SizeMultiple));
}
