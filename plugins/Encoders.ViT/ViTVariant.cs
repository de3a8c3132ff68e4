using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ViT;

/// <summary>What a vision transformer is built of; names beside timm's where they say more.</summary>
/// <param name="Channels">Of each token.</param>
/// <param name="Blocks">How many.</param>
/// <param name="Heads">Attention heads.</param>
internal sealed record ViTVariant(int Channels, int Blocks, int Heads)
{
    /// <summary>Side of a patch.</summary>
    public int Patch { get; init; } = 16;

    /// <summary>Side of the images it is made for.</summary>
    public int ImageSize { get; init; } = 224;

    /// <summary>Classes of the head, which the encoder carries along unused, for timm keeps it; 0 for no head.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>Channels within a feed-forward network.</summary>
    public int Hidden { get; init; } = 4 * Channels;

    /// <summary>Whether a feed-forward network weighs its channels by others, as many again (Shazeer 2020, arXiv:2002.05202: SwiGLU).</summary>
    public bool Gated { get; init; }

    /// <summary>Whether query, key and value have biases.</summary>
    public bool QkvBias { get; init; } = true;

    /// <summary>Whether a token stands for the class.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>Tokens that stand for nothing (Darcet et al. 2023, arXiv:2309.16588).</summary>
    public int Registers { get; init; }

    /// <summary>A second class token that learns from another network (Touvron et al. 2021, arXiv:2012.12877), and its head.</summary>
    public bool Distilled { get; init; }

    /// <summary>Whether patches alone have positions (timm's no_embed_class).</summary>
    public bool PatchPositionsOnly { get; init; }

    /// <summary>First value of the learnt factor of each residual branch; 0 for no such factor.</summary>
    public double LayerScale { get; init; }

    /// <summary>Whether the last normalisation, unused here, follows the pooling: it is named fc_norm then.</summary>
    public bool NormAfterPooling { get; init; }

    /// <summary>Whether a normalisation comes before the blocks, as in CLIP; the patches' convolution has no bias then.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Of the normalisations.</summary>
    public double Eps { get; init; } = 1e-6;

    public Func<Tensor, Tensor> Activation { get; init; } = functional.gelu;

    /// <summary>Tokens before the patches'.</summary>
    public int PrefixTokens => (ClassToken ? 1 : 0) + (Distilled ? 1 : 0) + Registers;
}
