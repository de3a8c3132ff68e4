using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Spatial;

/// <summary>Numbers that were drawn together; they compare by value.</summary>
/// <param name="Values">In the order they were drawn.</param>
public sealed record DrawnNumbers(IReadOnlyList<double> Values)
{
    /// <inheritdoc/>
    public bool Equals(DrawnNumbers? other) => other is not null && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.Aggregate(0, HashCode.Combine);

    /// <summary>[first, second, …].</summary>
    public override string ToString() => $"[{string.Join(", ", Values.Select(v => v.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record GridDistortionOptions : WarpOptions
{
    /// <summary>Cells in a row and in a column.</summary>
    [Range(1, 1000)]
    public int NumSteps { get; init; } = 5;

    /// <summary>Interval of a cell's width less 1, in widths; x alone means [−x, x].</summary>
    [Within(-1, 1)]
    public Interval DistortLimit { get; init; } = new(-0.3, 0.3);

    /// <summary>True: no part of the image leaves the frame. true; in 1.x false.</summary>
    public bool? Normalized { get; init; }
}

/// <summary>Makes the columns and rows of a grid wider and narrower. The draw is the columns' widths, then the rows'.</summary>
/// <remarks>cv2.remap with Albumentations' map.</remarks>
[Augmentation("GridDistortion")]
public sealed class GridDistortion(GridDistortionOptions options) : SpatialAugmentation<DrawnNumbers>(options.Checked().P)
{
    private readonly Border _border = options.Border();
    private readonly bool _normalized = options.Normalized ?? !options.Old;

    /// <inheritdoc/>
    protected override DrawnNumbers DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var steps = new double[2 * (options.NumSteps + 1)];
        for (var i = 0; i < steps.Length; i++)
        {
            steps[i] = 1 + options.DistortLimit.Draw(ref random);
        }

        return new DrawnNumbers(steps);
    }

    /// <inheritdoc/>
    protected override Geometry Map(DrawnNumbers draw, Frame frame)
    {
        if (frame.Height < options.NumSteps || frame.Width < options.NumSteps)
        {
            throw new ConfigurationException($"GridDistortion: num_steps {options.NumSteps} is more than {frame} has pixels.");
        }

        var half = options.NumSteps + 1;
        var (columns, rows) = (Axis(draw.Values.Take(half), frame.Width), Axis(draw.Values.Skip(half), frame.Height));
        return new GridField((x, y, _) =>
        {
            for (var i = 0; i < frame.Height; i++)
            {
                columns.CopyTo(x[(i * frame.Width)..]);
                y.Slice(i * frame.Width, frame.Width).Fill(rows[i]);
            }
        }, frame, _border, options.Reading);
    }

    private float[] Axis(IEnumerable<double> drawn, int length)
    {
        var (steps, count) = (drawn.ToArray(), options.NumSteps);
        var step = length / count;
        if (_normalized)
        {
            steps[^1] *= (double)(Math.Min(length, (count + 1) * step) - (count * step)) / step;
            var factor = (double)length / step / steps.Sum();
            for (var i = 0; i < steps.Length; i++)
            {
                steps[i] *= factor;
            }
        }

        var places = new float[length];
        var before = 0.0;
        for (var i = 0; i < steps.Length; i++)
        {
            var (start, end) = (i * step, Math.Min((i + 1) * step, length));
            var after = before + (step * steps[i]);
            for (var k = start; k < end; k++)
            {
                places[k] = (float)(before + (k == start ? 0 : (k - start) * ((after - before) / (end - start - 1))));
            }

            before = after;
        }

        return places;
    }
}

/// <summary>The lens.</summary>
public enum OpticalMode
{
    /// <summary>A camera's radial distortion.</summary>
    Camera,

    /// <summary>A fisheye's.</summary>
    Fisheye,
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record OpticalDistortionOptions : WarpOptions
{
    /// <summary>Interval of the distortion's coefficient; x alone means [−x, x].</summary>
    [Within(-10, 10)]
    public Interval DistortLimit { get; init; } = new(-0.05, 0.05);

    /// <summary>camera or fisheye.</summary>
    public OpticalMode Mode { get; init; } = OpticalMode.Camera;
}

/// <summary>Bends the image as a lens does. The draw is the coefficient.</summary>
/// <remarks>
/// cv2.remap with the map of cv2.initUndistortRectifyMap, or Albumentations' own for the fisheye; computed in double precision, so that a place may
/// differ from the reference by 1e-4 pixels, and a pixel by a level.
/// </remarks>
[Augmentation("OpticalDistortion")]
public sealed class OpticalDistortion(OpticalDistortionOptions options) : SpatialAugmentation<double>(options.Checked().P)
{
    private readonly Border _border = options.Border();

    /// <inheritdoc/>
    protected override double DrawParameters(ref RandomStream random, in DrawContext context) => options.DistortLimit.Draw(ref random);

    /// <inheritdoc/>
    protected override Geometry Map(double draw, Frame frame) => new GridField((x, y, _) => Fill(draw, frame, x, y), frame, _border, options.Reading);

    private void Fill(double k, Frame frame, Span<float> x, Span<float> y)
    {
        var (height, width) = frame;
        var (centreX, centreY) = (width / 2.0, height / 2.0);
        var camera = options.Mode == OpticalMode.Camera;
        var (fromX, fromY) = camera ? ((width - 1) / 2.0, (height - 1) / 2.0) : (centreX, centreY);      // OpenCV moves the new camera's centre
        var (perX, perY) = camera ? (1.0 / width, 1.0 / height) : (1 / Math.Sqrt((centreX * centreX) + (centreY * centreY)), 1 / Math.Sqrt((centreX * centreX) + (centreY * centreY)));
        for (var i = 0; i < height; i++)
        {
            var down = i - fromY;
            var downSquared = down * perY * (down * perY);
            var columns = x.Slice(i * width, width);
            var rows = y.Slice(i * width, width);
            for (var j = 0; j < width; j++)
            {
                var across = j - fromX;
                var squared = (across * perX * (across * perX)) + downSquared;
                var factor = camera ? 1 + (((k * squared) + k) * squared) : 1 + (k * squared);
                columns[j] = (float)((across * factor) + centreX);
                rows[j] = (float)((down * factor) + centreY);
            }
        }
    }
}
