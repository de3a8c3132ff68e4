using Osteon.Masks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Swin;

/// <summary>How a stage's maps are cut into windows.</summary>
internal sealed record WindowPlan
{
    private const float Forbidden = -100;                           // added to a score before the softmax

    /// <param name="map">The stage's map of the image it is made for; a window is not larger.</param>
    /// <param name="window">Of a window.</param>
    /// <param name="strict">Whether no other map comes.</param>
    public WindowPlan(Frame map, Frame window, bool strict)
    {
        (Map, Strict) = (map, strict);
        Window = new Frame(Math.Min(map.Height, window.Height), Math.Min(map.Width, window.Width));
        Shift = new Frame(map.Height <= window.Height ? 0 : window.Height / 2, map.Width <= window.Width ? 0 : window.Width / 2);
    }

    public Frame Map { get; }

    public bool Strict { get; }

    public Frame Window { get; }

    /// <summary>By how much the map is moved up and left before it is cut.</summary>
    public Frame Shift { get; private init; }

    public bool Shifts => Shift.Height > 0 || Shift.Width > 0;

    /// <summary>The same windows, unmoved.</summary>
    public WindowPlan Resting => this with { Shift = new Frame(0, 0) };

    /// <summary>A map's size, filled up to whole windows.</summary>
    public Frame Padded(Frame map) => new(
        (map.Height + Window.Height - 1) / Window.Height * Window.Height,
        (map.Width + Window.Width - 1) / Window.Width * Window.Width);

    /// <summary>Moves a map, cuts it into windows, lets them attend, and puts it together again.</summary>
    /// <param name="x">(N, H, W, C).</param>
    /// <param name="strictMask">The mask of <see cref="Map"/>, where no other map comes.</param>
    /// <param name="attend">Takes windows (N, windows, pixels, C) and a mask, and gives such windows.</param>
    public Tensor Attend(Tensor x, Tensor? strictMask, Func<Tensor, Tensor?, Tensor> attend)
    {
        var (images, height, width, channels) = (x.shape[0], (int)x.shape[1], (int)x.shape[2], x.shape[3]);
        var padded = Padded(new(height, width));
        var moved = Shifts ? x.roll([-Shift.Height, -Shift.Width], [1, 2]) : x;
        var filled = functional.pad(moved, [0, 0, 0, padded.Width - width, 0, padded.Height - height]);
        var (rows, columns) = (padded.Height / Window.Height, padded.Width / Window.Width);
        var windows = filled.reshape(images, rows, Window.Height, columns, Window.Width, channels).permute(0, 1, 3, 2, 4, 5)
            .reshape(images, (long)rows * columns, (long)Window.Height * Window.Width, channels);
        var mask = Strict ? strictMask : Mask(new(height, width))?.to(x.device);
        var whole = attend(windows, mask)
            .reshape(images, rows, columns, Window.Height, Window.Width, channels).permute(0, 1, 3, 2, 4, 5)
            .reshape(images, padded.Height, padded.Width, channels)
            .narrow(1, 0, height).narrow(2, 0, width);
        return Shifts ? whole.roll([Shift.Height, Shift.Width], [1, 2]) : whole;
    }

    /// <summary>What keeps pixels that only moving has brought together from attending to each other.</summary>
    /// <returns>(windows, 1, pixels, pixels), 0 or −100, for a map of this size; null where nothing moves.</returns>
    public Tensor? Mask(Frame map)
    {
        if (!Shifts)
        {
            return null;
        }

        var padded = Padded(map);
        var (rows, columns) = (padded.Height / Window.Height, padded.Width / Window.Width);
        using var scope = NewDisposeScope();
        var regions = tensor(Regions(padded.Height, Window.Height, Shift.Height), [padded.Height, 1]) * 3 + tensor(Regions(padded.Width, Window.Width, Shift.Width), [1, padded.Width]);
        var windows = regions.reshape(rows, Window.Height, columns, Window.Width).permute(0, 2, 1, 3).reshape(rows * columns, 1, 1, Window.Height * Window.Width);
        return (windows.ne(windows.transpose(2, 3)).to(ScalarType.Float32) * Forbidden).MoveToOuterDisposeScope();
    }

    // Along one side: what no moving touches, what the last window has kept, and what came round to it.
    private static long[] Regions(int side, int window, int shift) =>
        [.. Enumerable.Range(0, side).Select(pixel => shift == 0 || pixel >= side - shift ? 2L : pixel >= side - window ? 1 : 0)];
}
