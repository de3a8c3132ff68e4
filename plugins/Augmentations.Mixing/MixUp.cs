using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>Options of MixUp.</summary>
public sealed record MixUpOptions : AugmentationOptions
{
    /// <summary>Both parameters of the beta distribution of the share; Albumentations 1's default.</summary>
    [Range(0.01, 100.0)]
    public double Alpha { get; init; } = 0.4;
}

/// <summary>What MixUp draws.</summary>
/// <param name="Others">The one that is mixed in.</param>
/// <param name="Share">Of the first sample.</param>
public sealed record MixUpDraw(IReadOnlyList<int> Others, double Share) : MixDraw(Others);

/// <summary>The weighted mean of two images.</summary>
/// <remarks>
/// Zhang et al. 2018, arXiv:1710.09412. Targets become soft: share · labels + (1 − share) · the other's, a plane a class, so that every
/// loss takes them as they are; for BCE and cross-entropy, which are linear in their targets, this is the weighted sum of the two losses.
/// The other is resized to the first's frame.
/// </remarks>
[Augmentation("MixUp")]
public sealed class MixUp(MixUpOptions options) : MixingAugmentation<MixUpDraw>(options.Checked().P)
{
    private readonly double _alpha = options.Alpha;

    /// <inheritdoc/>
    protected override MixUpDraw DrawParameters(ref RandomStream random, in DrawContext context) =>
        new([random.NextInt(context.Others)], Beta.Draw(ref random, _alpha));

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Others(MixUpDraw draw) => draw.Others;

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The sample is a mixture by MixUp already.</exception>
    protected override Sample Transform(Sample sample, IReadOnlyList<Sample> others, MixUpDraw draw, Workspace workspace)
    {
        if (sample.Second is not null)
        {
            throw new ConfigurationException("MixUp stands twice among the augmentations; soft targets are of two images. Keep one.");
        }

        var other = Canvas.Resized(others[0], sample.Image.Frame, sample, workspace);
        var image = workspace.Image(sample.Image.Frame, sample.Image.BytesPerPixel);
        // 15-bit weights that sum to one: the same bytes on every machine.
        var first = (int)Math.Round(draw.Share * 32768);
        if (image.BytesPerPixel == 1)
        {
            Blend(sample.Image.Bytes, other.Image.Bytes, image.Bytes, first);
        }
        else
        {
            Blend(sample.Image.Pixels<ushort>(), other.Image.Pixels<ushort>(), image.Pixels<ushort>(), first);
        }

        return sample with { Image = image, Second = other.Labels, SecondShare = 1 - draw.Share };
    }

    private static void Blend(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> to, int first)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = (byte)(((a[i] * first) + (b[i] * (32768 - first)) + 16384) >> 15);
        }
    }

    private static void Blend(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> to, int first)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = (ushort)(((a[i] * (long)first) + (b[i] * (long)(32768 - first)) + 16384) >> 15);
        }
    }
}
