using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>Options of RICAP.</summary>
public sealed record RICAPOptions : AugmentationOptions
{
    /// <summary>Both parameters of the beta distribution of the corner where the four meet; the paper's best.</summary>
    [Range(0.01, 100.0)]
    public double Beta { get; init; } = 0.3;
}

/// <summary>What RICAP draws.</summary>
/// <param name="Others">The three that share the frame with the first.</param>
/// <param name="BoundaryY">Where the four meet, in heights.</param>
/// <param name="BoundaryX">Where the four meet, in widths.</param>
/// <param name="Key">Of the places they are cropped at.</param>
public sealed record RICAPDraw(IReadOnlyList<int> Others, double BoundaryY, double BoundaryX, ulong Key) : MixDraw(Others);

/// <summary>Random image cropping and patching: four crops meet in one frame, the sample's own at the top left, labels with them.</summary>
/// <remarks>
/// Takahashi, Matsubara, Uehara 2018, arXiv:1811.09030, section 3. Where the paper mixes labels of images by area, label words here move with
/// their pixels. Crops keep the scale; a sample smaller than its part of the frame is enlarged until it covers it.
/// </remarks>
[Augmentation("RICAP")]
public sealed class RICAP(RICAPOptions options) : MixingAugmentation<RICAPDraw>(options.Checked().P)
{
    private readonly double _beta = options.Beta;

    /// <inheritdoc/>
    protected override RICAPDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        int[] others = [random.NextInt(context.Others), random.NextInt(context.Others), random.NextInt(context.Others)];
        return new RICAPDraw(others, Mixing.Beta.Draw(ref random, _beta), Mixing.Beta.Draw(ref random, _beta), random.NextUInt64());
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Others(RICAPDraw draw) => draw.Others;

    /// <inheritdoc/>
    protected override Sample Transform(Sample sample, IReadOnlyList<Sample> others, RICAPDraw draw, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var (row, column) = ((int)Math.Round(draw.BoundaryY * height), (int)Math.Round(draw.BoundaryX * width));
        var mixed = Canvas.Filled(sample, sample.Image.Frame, 0, 0, workspace);
        var random = new RandomStream(draw.Key);
        for (var k = 0; k < 4; k++)
        {
            var (lower, right) = (k / 2 == 1, k % 2 == 1);
            var part = (Height: lower ? height - row : row, Width: right ? width - column : column);
            var (y, x) = (random.NextDouble(), random.NextDouble());
            if (part.Height > 0 && part.Width > 0)
            {
                var source = Covering(k == 0 ? sample : others[k - 1], part, sample, workspace);
                var (top, left) = ((int)(y * (source.Image.Frame.Height - part.Height + 1)), (int)(x * (source.Image.Frame.Width - part.Width + 1)));
                Canvas.Paste(source, top, left, part, mixed, lower ? row : 0, right ? column : 0);
            }
        }

        return mixed;
    }

    private static Sample Covering(Sample sample, (int Height, int Width) part, Sample like, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var scale = Math.Max(1, Math.Max((double)part.Height / height, (double)part.Width / width));
        var frame = new Frame(Math.Max(part.Height, (int)Math.Round(height * scale)), Math.Max(part.Width, (int)Math.Round(width * scale)));
        return Canvas.Resized(sample, scale > 1 ? frame : sample.Image.Frame, like, workspace);
    }
}
