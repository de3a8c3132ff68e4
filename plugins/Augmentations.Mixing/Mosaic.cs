using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Mixing;

/// <summary>How an image is brought to its cell.</summary>
public enum FitMode
{
    /// <summary>Covers the cell; what is too long is cut.</summary>
    Cover,

    /// <summary>Lies in the cell; the rest is filled.</summary>
    Contain,
}

/// <summary>Albumentations 2's options and defaults; metadata_key has no meaning here, where the training cases are the source.</summary>
public sealed record MosaicOptions : AugmentationOptions
{
    /// <summary>Rows and columns of cells.</summary>
    [Within(1, 16)]
    public (int Rows, int Columns) GridYx { get; init; } = (2, 2);

    /// <summary>Height and width of the result.</summary>
    [Within(1, 8192)]
    public Frame TargetSize { get; init; } = new(512, 512);

    /// <summary>Height and width of a cell.</summary>
    [Within(1, 8192)]
    public Frame CellShape { get; init; } = new(512, 512);

    /// <summary>Interval, in [0, 1], of where the result's centre lies among the places where the result fits into the grid.</summary>
    [Within(0, 1)]
    public Interval CenterRange { get; init; } = new(0.3, 0.7);

    /// <summary>How images are brought to their cells.</summary>
    public FitMode FitMode { get; init; }

    /// <summary>nearest, linear, cubic, area or lanczos4, for grey levels. Label words are always read at the nearest.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Linear;

    /// <summary>Intensity where no image lies.</summary>
    [Range(0.0, 65535.0)]
    public double Fill { get; init; }

    /// <summary>Label word where no image lies.</summary>
    public long FillMask { get; init; }
}

/// <summary>What a mosaic draws.</summary>
/// <param name="Others">One for each cell that is seen, but the first sample's; −1 shows the first once more, where there are too few others.</param>
/// <param name="CentreY">Row of the grid that becomes the middle of the result.</param>
/// <param name="CentreX">Column.</param>
public sealed record MosaicDraw(IReadOnlyList<int> Others, int CentreY, int CentreX) : MixDraw(Others);

/// <summary>Lays several samples out in a grid and cuts the result out of it; the first sample takes the cell of which most is seen.</summary>
/// <remarks>
/// Albumentations 2.0.8's, bit for bit: each cell that is seen is a sample brought to the cell's size by cv2.resize. The corner of the cell that
/// faces the middle of the result is shown, and its middle where it lies on an axis of the result. An image that is longer than its cell
/// begins at the cell's top and left; one that is shorter (contain) is moved down and right by half of what the shown part lacks. Others
/// are training cases, none twice in a mosaic.
/// </remarks>
[Augmentation("Mosaic")]
public sealed class Mosaic : MixingAugmentation<MosaicDraw>
{
    private const int FirstAgain = -1;

    private readonly MosaicOptions _options;
    private readonly Frame _target, _cell;

    /// <summary>A mosaic.</summary>
    /// <exception cref="ConfigurationException">The grid is smaller than the result, or an option is outside its interval.</exception>
    public Mosaic(MosaicOptions options)
        : base(options.Checked().P)
    {
        _options = options;
        (_target, _cell) = (options.TargetSize, options.CellShape);
        if (_target.Height > _cell.Height * options.GridYx.Rows || _target.Width > _cell.Width * options.GridYx.Columns)
        {
            throw new ConfigurationException(
                $"target_size {_target} is larger than the grid of {options.GridYx.Rows}×{options.GridYx.Columns} cells of {_cell}. Enlarge cell_shape or grid_yx.");
        }
    }

    /// <inheritdoc/>
    protected override MosaicDraw DrawParameters(ref RandomStream random, in DrawContext context)
    {
        var y = Centre(ref random, _options.GridYx.Rows * _cell.Height, _target.Height);
        var x = Centre(ref random, _options.GridYx.Columns * _cell.Width, _target.Width);
        var others = new int[Seen(y, x).Count - 1];
        Array.Fill(others, FirstAgain);
        for (var i = 0; i < Math.Min(others.Length, context.Others); i++)
        {
            do
            {
                others[i] = random.NextInt(context.Others);
            }
            while (others.AsSpan(0, i).Contains(others[i]));
        }

        if (context.Others < others.Length)
        {
            Shuffle(ref random, others);
        }

        return new MosaicDraw(others, y, x);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<int> Others(MosaicDraw draw) => [.. draw.Others.Where(place => place != FirstAgain)];

    /// <inheritdoc/>
    protected override Sample Transform(Sample sample, IReadOnlyList<Sample> others, MosaicDraw draw, Workspace workspace)
    {
        var seen = Seen(draw.CentreY, draw.CentreX);
        var own = seen.IndexOf(seen.MaxBy(s => s.Size.Height * s.Size.Width));
        var mixed = Canvas.Filled(sample, _target, _options.Fill, _options.FillMask, workspace);
        for (var (i, cell, next) = (0, 0, 0); i < seen.Count; i++)
        {
            var first = i == own || draw.Others[cell++] == FirstAgain;
            Place(Fitted(first ? sample : others[next++], sample, workspace), seen[i], mixed);
        }

        return mixed;
    }

    // Where the middle of the result may lie: from half its length to half its length before the grid's end.
    private int Centre(ref RandomStream random, int grid, int target) =>
        (target / 2) + Math.Min((int)((grid - target + 1) * _options.CenterRange.Draw(ref random)), grid - target);

    private static void Shuffle(ref RandomStream random, Span<int> places)
    {
        for (var i = places.Length - 1; i > 0; i--)
        {
            var j = random.NextInt(i + 1);
            (places[i], places[j]) = (places[j], places[i]);
        }
    }

    /// <summary>The cells that the result shows: where the part of each that is shown begins, how large it is, and where it goes.</summary>
    private List<Part> Seen(int centreY, int centreX)
    {
        var (top, left) = (centreY - (_target.Height / 2), centreX - (_target.Width / 2));
        var seen = new List<Part>();
        for (var row = 0; row < _options.GridYx.Rows; row++)
        {
            for (var column = 0; column < _options.GridYx.Columns; column++)
            {
                var (y, x) = (row * _cell.Height, column * _cell.Width);
                var (fromY, toY) = (Math.Max(y, top), Math.Min(y + _cell.Height, top + _target.Height));
                var (fromX, toX) = (Math.Max(x, left), Math.Min(x + _cell.Width, left + _target.Width));
                if (fromY < toY && fromX < toX)
                {
                    var (height, width, down, right) = (toY - fromY, toX - fromX, fromY - top, fromX - left);
                    var (fromTop, fromLeft) = Corner((2 * down) + height - _target.Height, (2 * right) + width - _target.Width, height, width);
                    seen.Add(new Part(fromTop, fromLeft, (height, width), down, right));
                }
            }
        }

        return seen;
    }

    // A part above and to the left of the result's middle shows its cell's end, one below and to the right its beginning; on an axis, the middle.
    private (int Top, int Left) Corner(int below, int right, int height, int width) => below == 0 || right == 0
        ? ((_cell.Height - height) / 2, (_cell.Width - width) / 2)
        : (below < 0 ? _cell.Height - height : 0, right < 0 ? _cell.Width - width : 0);

    private Sample Fitted(Sample sample, Sample like, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var (y, x) = ((double)_cell.Height / height, (double)_cell.Width / width);
        var scale = _options.FitMode == FitMode.Cover ? Math.Max(y, x) : Math.Min(y, x);
        var frame = new Frame(Math.Max((int)Math.Round(height * scale), 1), Math.Max((int)Math.Round(width * scale), 1));
        return Canvas.Resized(sample, frame, like, workspace, _options.Interpolation);
    }

    private static void Place(Sample fitted, Part part, Sample mixed)
    {
        // What the image lacks below and to the right is padded on both sides, and its first half moves the image.
        var (height, width) = fitted.Image.Frame;
        var (y, x) = (Math.Max(part.Top + part.Size.Height - height, 0) / 2, Math.Max(part.Left + part.Size.Width - width, 0) / 2);
        var (fromY, toY) = (Math.Max(part.Top, y), Math.Min(part.Top + part.Size.Height, y + height));
        var (fromX, toX) = (Math.Max(part.Left, x), Math.Min(part.Left + part.Size.Width, x + width));
        if (fromY < toY && fromX < toX)
        {
            Canvas.Paste(fitted, fromY - y, fromX - x, (toY - fromY, toX - fromX), mixed, part.Row + fromY - part.Top, part.Column + fromX - part.Left);
        }
    }

    private readonly record struct Part(int Top, int Left, (int Height, int Width) Size, int Row, int Column);
}
