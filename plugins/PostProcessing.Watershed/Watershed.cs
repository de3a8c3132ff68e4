using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.PostProcessing.Watershed;

/// <summary>Options of Watershed; the defaults are those of OpenCV's tutorial.</summary>
public sealed record WatershedOptions : PostProcessorOptions
{
    /// <summary>Side of the square that closing and dilation use, in pixels of the original image.</summary>
    [Range(1, WatershedSettings.LargestKernel)]
    public int Kernel { get; init; } = 3;

    /// <summary>Times the mask is closed; 0 leaves it.</summary>
    [Range(0, WatershedSettings.MostIterations)]
    public int Closing { get; init; } = 2;

    /// <summary>Times it is then dilated: what that adds is undecided, beyond it is background.</summary>
    [Range(0, WatershedSettings.MostIterations)]
    public int Dilation { get; init; } = 3;

    /// <summary>cv2.distanceTransform's mask: 3, 5 or 0, which is exact.</summary>
    [Range(0, 5)]
    [AllowedValues(0, 3, 5)]
    public int Distance { get; init; } = 5;

    /// <summary>Seeds are farther from the outside than this share of the farthest pixel's distance: larger ones part more.</summary>
    [Range(0.0, 1.0)]
    public double Factor { get; init; } = 0.7;
}

/// <summary>Parts cells or bones that touch by lines a pixel wide, and leaves out the background.</summary>
/// <remarks>
/// The class is drawn in grey level 255 and taken at 127; closed and dilated; pixels farther from the outside than factor × the farthest one's
/// distance are seeds, numbered by cv2.connectedComponents; cv2.watershed grows them. What no seed reaches, the lines between regions and the
/// image's outermost pixels are unset, as OpenCV leaves them.
/// </remarks>
[PostProcessor("Watershed")]
public sealed class Watershed(WatershedOptions options) : ClassPostProcessor(options.Checked())
{
    private readonly WatershedSettings _settings = new()
    {
        Kernel = options.Kernel,
        Closing = options.Closing,
        Dilation = options.Dilation,
        Distance = options.Distance,
        Factor = options.Factor,
    };

    /// <inheritdoc/>
    protected override Mask Process(Mask mask) => Imaging.Watershed.Part(mask, _settings);
}
