using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Inference;

/// <summary>
/// Adds up weighted logits of windows and views as whole numbers, 2⁻²² each: exact, so that neither their order nor how many
/// were computed at a time changes a bit, at four bytes a pixel and class.
/// </summary>
internal sealed class WindowBlend : IDisposable
{
    // Weights over a pixel add up to 1, so that a sum stays below 2³⁰; beyond 255 a probability is 0 or 1 to float32 anyway.
    private const double Largest = 255, Units = 1 << 22;
    private const long AtATime = 4;

    private readonly Tensor _sums;
    private readonly Frame _frame;
    private readonly double _share;

    /// <param name="classes">K.</param>
    /// <param name="frame">Of the result.</param>
    /// <param name="views">How many are averaged.</param>
    /// <param name="device">Where logits come from.</param>
    public WindowBlend(int classes, Frame frame, int views, Device device)
    {
        _sums = zeros([classes, frame.Height, frame.Width], dtype: ScalarType.Int32, device: device).DetachFromDisposeScope();
        (_frame, _share) = (frame, Units / views);
    }

    /// <summary>What 1 stands for in the sums.</summary>
    public static float Unit => (float)(1 / Units);

    /// <summary>Adds a window of a view, a few classes at a time: all of them at once, weighted, would be the largest thing in memory.</summary>
    /// <param name="part">The window.</param>
    /// <param name="view">Where it lies, and how.</param>
    /// <param name="seen">The frame of the upright view; of another size than the result's, its windows are resized one by one, for a resized sum is the sum of what was resized.</param>
    public void Add(in WindowPart part, View view, Frame seen)
    {
        var (height, width) = ((int)part.Logits.shape[1], (int)part.Logits.shape[2]);
        var (top, left) = view.Upright(part.Top, part.Left, height, width, seen);
        for (long k = 0, classes = part.Logits.shape[0]; k < classes; k += AtATime)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(AtATime, classes - k);
            var weighted = view.Upright(Weighted(part, k, count));
            var sums = _sums.narrow(0, k, count);
            if (seen == _frame)
            {
                sums.narrow(1, top, weighted.shape[1]).narrow(2, left, weighted.shape[2]).add_(weighted.round().to(ScalarType.Int32));
                continue;
            }

            var (rows, columns) = (new WindowReach(seen.Height, _frame.Height, top, (int)weighted.shape[1]), new WindowReach(seen.Width, _frame.Width, left, (int)weighted.shape[2]));
            var resized = columns.Resize(rows.Resize(weighted, 1), 2);
            sums.narrow(1, rows.First, rows.Count).narrow(2, columns.First, columns.Count).add_(resized.round_().to(ScalarType.Int32));
        }
    }

    /// <summary>The sums, (K, H, W), to be read in units of <see cref="Unit"/>; the caller owns them.</summary>
    public Tensor Take() => _sums.cpu().contiguous().DetachFromDisposeScope();

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();

    private Tensor Weighted(in WindowPart part, long first, long count)
    {
        var logits = part.Logits.narrow(0, first, count).clamp(-Largest, Largest);
        return part.Rows is null || part.Columns is null
            ? logits.mul_(_share)
            : logits.mul_(tensor(part.Rows, [1, part.Rows.Length, 1], device: logits.device)).mul_(_share).mul_(tensor(part.Columns, [1, 1, part.Columns.Length], device: logits.device));
    }
}

/// <summary>One window's logits.</summary>
/// <param name="Logits">(K, h, w), what lies within the image.</param>
/// <param name="Top">Their first row in what the network was shown.</param>
/// <param name="Left">Their first column.</param>
/// <param name="Rows">Weights of rows, or null: 1.</param>
/// <param name="Columns">Weights of columns, or null: 1.</param>
internal readonly record struct WindowPart(Tensor Logits, int Top, int Left, float[]? Rows, float[]? Columns);
