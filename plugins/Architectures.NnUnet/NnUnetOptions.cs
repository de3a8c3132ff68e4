using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Osteon.Plugins.Architectures.NnUnet;

/// <summary>
/// The arguments of nnU-Net's networks, as its plans write them; what is left out is what nnU-Net plans for two dimensions. What is said
/// for each stage is one number for all or a list, the finest stage first; kernels and strides of a stage are one number or one for each axis.
/// </summary>
public abstract record NnUnetOptions
{
    /// <summary>Stages of the encoder, 2 to 10.</summary>
    [Range(2, 10)]
    public int NStages { get; init; } = 6;

    /// <summary>Channels of each stage; null: 32, doubled from stage to stage, at most 512 in two dimensions and 320 in three.</summary>
    public JsonNode? FeaturesPerStage { get; init; }

    /// <summary>Conv2d, or Conv3d for volumes.</summary>
    public string ConvOp { get; init; } = "Conv2d";

    /// <summary>Side of each stage's kernels, odd.</summary>
    public JsonNode? KernelSizes { get; init; } = 3;

    /// <summary>Stride of each stage's first convolution; null: 1, then 2.</summary>
    public JsonNode? Strides { get; init; }

    /// <summary>Convolutions of each stage of the decoder, the coarsest first; one stage fewer than the encoder has.</summary>
    public JsonNode? NConvPerStageDecoder { get; init; }

    /// <summary>Whether convolutions have a bias.</summary>
    public bool ConvBias { get; init; } = true;

    /// <summary>InstanceNorm or BatchNorm, with or without its dimensions (InstanceNorm2d), or null for none.</summary>
    public string? NormOp { get; init; } = "InstanceNorm";

    /// <summary>eps, affine, momentum, track_running_stats; null: PyTorch's, under which instance normalisation learns nothing.</summary>
    public JsonObject? NormOpKwargs { get; init; } = new() { ["eps"] = 1e-5, ["affine"] = true };

    /// <summary>Dropout, Dropout2d or Dropout3d behind convolutions, or null for none.</summary>
    public string? DropoutOp { get; init; }

    /// <summary>p, inplace.</summary>
    public JsonObject? DropoutOpKwargs { get; init; }

    /// <summary>LeakyReLU, ReLU, GELU, SiLU, ELU, PReLU, Mish, or null for none.</summary>
    public string? Nonlin { get; init; } = "LeakyReLU";

    /// <summary>negative_slope, inplace.</summary>
    public JsonObject? NonlinKwargs { get; init; } = new() { ["inplace"] = true };

    /// <summary>Whether every level of the decoder is learnt from; its weights exist either way.</summary>
    public bool DeepSupervision { get; init; }
}
