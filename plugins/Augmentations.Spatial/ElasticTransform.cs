using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>What the displacement is made of.</summary>
public enum NoiseDistribution
{
    /// <summary>Normal noise, divided by its largest number.</summary>
    Gaussian,

    /// <summary>Noise uniform in [−1, 1].</summary>
    Uniform,
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record ElasticTransformOptions : WarpOptions
{
    /// <summary>The displacement's factor: pixels that a noise of 1 everywhere would move.</summary>
    [Range(0.0, 1e6)]
    public double Alpha { get; init; } = 1;

    /// <summary>Of the bell that smooths the noise, in pixels.</summary>
    [Range(1.0, 10000.0)]
    public double Sigma { get; init; } = 50;

    /// <summary>True: the bell is cut to 17×17 pixels, which was faster once and leaves a rougher field.</summary>
    public bool Approximate { get; init; }

    /// <summary>True: rows and columns move alike.</summary>
    public bool SameDxdy { get; init; }

    /// <summary>gaussian or uniform. gaussian; in 1.x uniform.</summary>
    public NoiseDistribution? NoiseDistribution { get; init; }
}

/// <summary>Moves pixels by a smooth random field.</summary>
/// <remarks>
/// <para>Simard et al. 2003, doi:10.1109/ICDAR.2003.1227801: noise smoothed by a bell, times alpha. The field is smooth by construction; it is
/// made on a grid a sixth of sigma wide, of noise with the deviation of so many pixels' mean, and read bilinearly in between: the same
/// distribution in a fraction of the time. The draw is the noise's key.</para>
/// <para>Images are read by cv2.remap, bit for bit.</para>
/// </remarks>
[Augmentation("ElasticTransform")]
public sealed class ElasticTransform(ElasticTransformOptions options) : SpatialAugmentation<ulong>(options.Checked().P)
{
    private const int CutSize = 17;

    private readonly Border _border = options.Border();
    private readonly bool _normal = (options.NoiseDistribution ?? (options.Old ? Spatial.NoiseDistribution.Uniform : Spatial.NoiseDistribution.Gaussian)) == Spatial.NoiseDistribution.Gaussian;

    /// <inheritdoc/>
    protected override ulong DrawParameters(ref RandomStream random, in DrawContext context) => random.NextUInt64();

    /// <inheritdoc/>
    protected override Geometry Map(ulong draw, Frame frame) => new GridField((x, y, workspace) => Fill(draw, frame, x, y, workspace), frame, _border, options.Reading);

    private void Fill(ulong key, Frame frame, Span<float> x, Span<float> y, Workspace workspace)
    {
        var random = new RandomStream(key);
        var largest = _normal ? LargestOf(2L * frame.Height * frame.Width, random.NextDouble()) : 1;
        var cell = options.Approximate ? 1 : Math.Max(1, (int)(options.Sigma / 6));
        var grid = new Frame(((frame.Height - 1) / cell) + 1, ((frame.Width - 1) / cell) + 1);
        var field = new SmoothField(frame, grid, options.Approximate ? CutSize : 0, options.Sigma, options.Alpha / largest, _normal);
        field.Write(ref random, x, workspace);
        if (options.SameDxdy)
        {
            x.CopyTo(y);
        }
        else
        {
            field.Write(ref random, y, workspace);
        }

        SmoothField.AddCoordinates(frame, x, y);
    }

    // The largest of n normal numbers' magnitudes has the distribution function (2Φ(m) − 1)^n.
    private static double LargestOf(long n, double u) => -NormalQuantiles.At(-Less(Math.Log(Math.Max(u, 1e-12)) / n) / 2);

    // e^x − 1 for small x, without losing digits.
    private static double Less(double x) => Math.Abs(x) < 1e-3 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Exp(x) - 1;
}
