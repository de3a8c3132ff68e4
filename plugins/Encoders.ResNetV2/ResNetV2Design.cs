using System.Globalization;
using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.ResNetV2;

/// <summary>A ResNet whose blocks normalise first, by its numbers.</summary>
/// <param name="Blocks">In each of the four stages.</param>
/// <remarks>He et al. 2016, arXiv:1603.05027; BiT: Kolesnikov et al. 2019, arXiv:1912.11370; the variants d and t are timm's.</remarks>
internal sealed partial record ResNetV2Design(IReadOnlyList<int> Blocks)
{
    /// <summary>Two 3×3 convolutions in a block, not three with a narrow middle.</summary>
    public bool Basic { get; init; }

    /// <summary>Factor of all channels.</summary>
    public int Width { get; init; } = 1;

    /// <summary>Standardized kernels and group normalisation; the stem's pool pads with zeros (BiT).</summary>
    public bool Transfers { get; init; }

    /// <summary>Group normalisation with plain kernels.</summary>
    public bool Grouped { get; init; }

    /// <summary>Channels of the stem's first two of three 3×3 convolutions, for 64 in all; null is one of 7×7.</summary>
    public IReadOnlyList<int>? DeepStem { get; init; }

    /// <summary>Channels of the maps.</summary>
    public IReadOnlyList<int> Channels => [64 * Width, .. Enumerable.Range(0, Blocks.Count).Select(Out)];

    /// <summary>Channels out of a stage.</summary>
    public int Out(int stage) => ((Basic ? 64 : 256) << stage) * Width;

    /// <summary>The design of an encoder's name.</summary>
    /// <exception cref="ConfigurationException">No design has that name.</exception>
    public static ResNetV2Design Named(string encoder)
    {
        var found = Spelling().Match(encoder);
        int[]? blocks = found.Groups["depth"].Value switch
        {
            "18" => [2, 2, 2, 2],
            "34" or "50" => [3, 4, 6, 3],
            "101" => [3, 4, 23, 3],
            "152" => [3, 8, 36, 3],
            _ => null,
        };
        if (blocks is null)
        {
            throw new ConfigurationException($"encoder '{encoder}' is no ResNetV2 that is known here.");
        }

        return new ResNetV2Design(blocks)
        {
            Basic = found.Groups["depth"].Value is "18" or "34",
            Width = found.Groups["width"] is { Success: true, Value: var width } ? int.Parse(width, CultureInfo.InvariantCulture) : 1,
            Transfers = found.Groups["width"].Success,
            Grouped = found.Groups["gn"].Success,
            Joint = found.Groups["joint"].Value,
            DeepStem = found.Groups["stem"].Value switch { "d" => [32, 32], "t" => [24, 32], _ => null },
        };
    }

    /// <summary>A convolution that at stride 1 keeps the size.</summary>
    public Module<Tensor, Tensor> Convolution(int inChannels, int outChannels, int kernel, int stride = 1, int dilation = 1) => Transfers
        ? new StandardizedConv2d(inChannels, outChannels, kernel, stride, dilation: dilation, eps: 1e-8)
        : Conv2d(inChannels, outChannels, kernel, stride: stride, padding: kernel / 2 * dilation, dilation: dilation, bias: false);

    /// <summary>Normalisation and activation in one: evos, EvoNorm, or frn, filter response normalisation; empty for one after the other.</summary>
    public string Joint { get; init; } = string.Empty;

    /// <summary>A normalisation.</summary>
    public Module<Tensor, Tensor> Norm(int channels) => Joint switch
    {
        "evos" => new EvoNorm(channels),
        "frn" => new FilterResponseNorm(channels),
        _ => Transfers || Grouped ? GroupNorm(32, channels) : BatchNorm2d(channels),
    };

    /// <summary>What follows it.</summary>
    public Tensor Activated(Tensor normalized) => Joint.Length > 0 ? normalized : functional.relu(normalized, inplace: true);

    [GeneratedRegex("^tu-resnetv2_(?<depth>18|34|50|101|152)(?<stem>[dt])?(x(?<width>[1-4])_bit)?(?<gn>_gn)?(_(?<joint>evos|frn))?$")]
    private static partial Regex Spelling();
}
