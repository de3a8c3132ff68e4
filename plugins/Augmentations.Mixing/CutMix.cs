using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>Options of CutMix.</summary>
public sealed record CutMixOptions : AugmentationOptions
{
    /// <summary>Both parameters of the beta distribution of the share that is kept; 1: every share as likely.</summary>
    [Range(0.01, 100.0)]
    public double Alpha { get; init; } = 1;
}

/// <summary>What CutMix draws.</summary>
/// <param name="Others">The one that the box is cut from.</param>
/// <param name="Share">Of the image, that stays.</param>
/// <param name="CentreY">Of the box, in heights.</param>
/// <param name="CentreX">Of the box, in widths.</param>
public sealed record CutMixDraw(IReadOnlyList<int> Others, double Share, double CentreY, double CentreX) : MixDraw(Others);

/// <summary>Replaces a box by the same box of another sample, labels with it.</summary>
/// <remarks>
/// Yun et al. 2019, arXiv:1905.04899: sides √(1 − share) of the image's, clipped at its edges. Labels of pixels need no weights, unlike
/// those of whole images. Another sample of another size is resized first.
/// </remarks>
[Augmentation("CutMix")]
public sealed class CutMix(CutMixOptions options) : MixingAugmentation<CutMixDraw>(options.Checked().P)
{
    private readonly double _alpha = options.Alpha;

    /// <inheritdoc/>
    protected override CutMixDraw DrawParameters(ref RandomStream random, in DrawContext context) =>
        new([random.NextInt(context.Others)], Beta.Draw(ref random, _alpha), random.NextDouble(), random.NextDouble());

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Others(CutMixDraw draw) => draw.Others;

    /// <inheritdoc/>
    protected override Sample Transform(Sample sample, IReadOnlyList<Sample> others, CutMixDraw draw, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var cut = Math.Sqrt(1 - draw.Share);
        var (top, bottom) = Side(draw.CentreY, cut, height);
        var (left, right) = Side(draw.CentreX, cut, width);
        var mixed = Canvas.Copy(sample, workspace);
        Canvas.Paste(Canvas.Resized(others[0], sample.Image.Frame, sample, workspace), top, left, (bottom - top, right - left), mixed, top, left);
        return mixed;
    }

    private static (int From, int To) Side(double centre, double cut, int length)
    {
        var (middle, half) = ((int)(centre * length), (int)(cut * length) / 2);
        return (Math.Max(middle - half, 0), Math.Min(middle + half, length));
    }
}
