using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>How SMP's decoders enlarge their maps.</summary>
public static class Resampling
{
    /// <summary>A mode by SMP's name of it.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="name">nearest, bilinear, bicubic, area or nearest-exact. A decoder's factors are whole, and then area and nearest-exact are nearest.</param>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static InterpolationMode Mode(string option, string? name) => name switch
    {
        "nearest" or "nearest-exact" or "area" => InterpolationMode.Nearest,
        "bilinear" => InterpolationMode.Bilinear,
        "bicubic" => InterpolationMode.Bicubic,
        _ => throw new ConfigurationException($"{option} '{name}' is unknown; nearest, bilinear, bicubic, area and nearest-exact are allowed."),
    };

    /// <summary>Resizes a map, outer edges of corner pixels on each other unless said otherwise.</summary>
    /// <param name="x">(N, C, h, w).</param>
    /// <param name="height">Pixels wanted.</param>
    /// <param name="width">Pixels wanted.</param>
    /// <param name="mode">How values between pixels are computed.</param>
    /// <param name="alignCorners">Whether corner pixels' centres fall on each other; without meaning for nearest.</param>
    /// <returns>(N, C, <paramref name="height"/>, <paramref name="width"/>).</returns>
    public static Tensor To(Tensor x, long height, long width, InterpolationMode mode = InterpolationMode.Bilinear, bool alignCorners = false) =>
        functional.interpolate(x, size: [height, width], mode: mode, align_corners: mode == InterpolationMode.Nearest ? null : alignCorners);

    /// <summary>Twice the height and width.</summary>
    public static Tensor Twice(Tensor x, InterpolationMode mode, bool alignCorners = false) => To(x, 2 * x.shape[2], 2 * x.shape[3], mode, alignCorners);
}
