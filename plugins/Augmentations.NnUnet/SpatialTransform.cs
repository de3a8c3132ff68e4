using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.NnUnet;

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record SpatialTransformOptions : AugmentationOptions
{
    /// <summary>Always tried; what it does is drawn by p_rotation and p_scaling.</summary>
    public SpatialTransformOptions() => P = 1;

    /// <summary>Height and width of the result, around the image's centre; without it the image's own.</summary>
    [Within(1, 32766)]
    public Frame? PatchSize { get; init; }

    /// <summary>How often it is turned.</summary>
    [Range(0.0, 1.0)]
    public double PRotation { get; init; } = 0.2;

    /// <summary>Interval of the angle in degrees, counter-clockwise. [-180, 180]; where one side of the result is over 1.5 of the other, [-15, 15].</summary>
    [Within(-360, 360)]
    public Interval? Rotation { get; init; }

    /// <summary>How often it is scaled.</summary>
    [Range(0.0, 1.0)]
    public double PScaling { get; init; } = 0.2;

    /// <summary>Interval of the factor by which a larger part is shown: above 1 things become smaller. As often below 1 as above.</summary>
    [Within(0, 100, MinimumIsExclusive = true)]
    public Interval Scaling { get; init; } = new(0.7, 1.4);

    /// <summary>How often both axes are scaled alike.</summary>
    [Range(0.0, 1.0)]
    public double PSynchronizeScalingAcrossAxes { get; init; } = 1;

    /// <summary>How often it is bent; nnU-Net leaves it at 0.</summary>
    [Range(0.0, 1.0)]
    public double PElasticDeform { get; init; }

    /// <summary>Interval of the deviation of the bell that smooths the bending, as a share of the result's height and width: larger ones bend in wider arcs.</summary>
    [Within(0, 1)]
    public Interval ElasticDeformScale { get; init; } = new(0, 0.2);

    /// <summary>Interval of the farthest way that a pixel goes, as a share of half the result's height and width.</summary>
    [Within(0, 1)]
    public Interval ElasticDeformMagnitude { get; init; } = new(0, 0.2);

    /// <summary>How often both axes have one elastic_deform_scale.</summary>
    [Range(0.0, 1.0)]
    public double PSynchronizeDefScaleAcrossAxes { get; init; }

    /// <summary>nearest, linear, cubic or lanczos4, for grey levels. Label words are always read at the nearest.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>Intensity outside; null: the image's mean.</summary>
    [Range(0.0, 65535.0)]
    public double? Fill { get; init; }
}

/// <summary>What was drawn.</summary>
/// <param name="Degrees">Turn, counter-clockwise.</param>
/// <param name="ScaleX">The factor along rows.</param>
/// <param name="ScaleY">The factor along columns.</param>
/// <param name="Outside">The intensity outside.</param>
/// <param name="Bent">How it is bent; null: it is not.</param>
public readonly record struct SpatialDraw(double Degrees, double ScaleX, double ScaleY, double Outside, ElasticDraw? Bent = null);

/// <summary>Bends, turns and scales about the centre, and cuts the patch.</summary>
/// <remarks>
/// batchgeneratorsv2's SpatialTransform as nnU-Net uses it: the patch lies in the image's middle. Outside lies what is 0 after normalisation: the
/// image's mean, and no class. Shares of height and width are each axis's own; there, of oblong results, height and width are mixed up.
/// </remarks>
[Augmentation("SpatialTransform")]
public sealed class SpatialTransform(SpatialTransformOptions options) : SpatialAugmentation<SpatialDraw>(options.Checked().P)
{
    /// <inheritdoc/>
    public override bool ReadsSample => options.Fill is null;

    /// <inheritdoc/>
    protected override SpatialDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (height, width) = options.PatchSize ?? context.Frame;
        var oblong = Math.Max(height, width) > 1.5 * Math.Min(height, width);
        var degrees = random.NextDouble() < options.PRotation ? (options.Rotation ?? (oblong ? new Interval(15) : new Interval(180))).Draw(ref random) : 0;
        var (x, y) = (1.0, 1.0);
        if (random.NextDouble() < options.PScaling)
        {
            var alike = random.NextDouble() < options.PSynchronizeScalingAcrossAxes;
            x = AroundOne.Draw(ref random, options.Scaling);
            y = alike ? x : AroundOne.Draw(ref random, options.Scaling);
        }

        var bent = random.NextDouble() < options.PElasticDeform ? (ElasticDraw?)Bending(ref random) : null;
        return new SpatialDraw(degrees, x, y, options.Fill ?? Math.Round(context.Sample!.Image.Mean()), bent);
    }

    private ElasticDraw Bending(ref RandomStream random)
    {
        var alike = random.NextDouble() < options.PSynchronizeDefScaleAcrossAxes;
        var y = options.ElasticDeformScale.Draw(ref random);
        var x = alike ? y : options.ElasticDeformScale.Draw(ref random);
        return new ElasticDraw(y, x, options.ElasticDeformMagnitude.Draw(ref random), options.ElasticDeformMagnitude.Draw(ref random), random.NextUInt64());
    }

    /// <inheritdoc/>
    protected override Geometry Map(SpatialDraw draw, Frame frame)
    {
        var output = options.PatchSize ?? frame;
        var border = new Border(BorderMode.Constant, draw.Outside);
        if (draw is { Degrees: 0, ScaleX: 1, ScaleY: 1, Bent: null })
        {
            return output == frame ? GridTurn.None(frame) : new GridWindow((frame.Height - output.Height) / 2, (frame.Width - output.Width) / 2, output, border);
        }

        var (sin, cos) = Math.SinCos(double.DegreesToRadians(draw.Degrees));
        var matrix = Projection.Shift(-(frame.Width - 1) / 2.0, -(frame.Height - 1) / 2.0)
            .Then(new Projection(cos, sin, 0, -sin, cos, 0))
            .Then(new Projection(1 / draw.ScaleX, 0, 0, 0, 1 / draw.ScaleY, 0))
            .Then(Projection.Shift((output.Width - 1) / 2.0, (output.Height - 1) / 2.0));
        var reading = options.Interpolation == Interpolation.Area ? Interpolation.Linear : options.Interpolation;
        return draw.Bent is { } bent
            ? new GridField((x, y, workspace) => bent.Follow(output, matrix.Inverse(), x, y, workspace), output, border, reading)
            : new GridProjection(matrix, output, border, reading);
    }
}

/// <summary>nnU-Net's options and defaults.</summary>
public sealed record MirrorTransformOptions : OrientationOptions
{
    /// <summary>Always tried; each axis is mirrored half the time.</summary>
    public MirrorTransformOptions() => P = 1;

    /// <summary>Axes that may be mirrored: 0 rows, 1 columns.</summary>
    [Within(0, 1)]
    public IReadOnlyList<int> AllowedAxes { get; init; } = [0, 1];
}

/// <summary>Mirrors each axis half the time. Classes that name a side keep their bit unless swap_classes pairs them; mirrored twice they are where they were.</summary>
[Augmentation("MirrorTransform")]
public sealed class MirrorTransform(MirrorTransformOptions options) : OrientationAugmentation(options)
{
    /// <inheritdoc/>
    protected override Orientation DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var (rows, columns) = (random.NextInt(2) == 1, random.NextInt(2) == 1);
        return (rows && options.AllowedAxes.Contains(0) ? Orientation.FlipRows : 0) | (columns && options.AllowedAxes.Contains(1) ? Orientation.FlipColumns : 0);
    }
}
