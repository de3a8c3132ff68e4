using Osteon.Masks;
using Osteon.Models;
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

    /// <summary>K.</summary>
    public int Classes => (int)_sums.shape[0];

    /// <summary>What 1 stands for in the sums.</summary>
    public static float Unit => (float)(1 / Units);

    /// <summary>Adds a window of a view.</summary>
    public void Add(in WindowPart part, View view)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ((int)part.Logits.shape[1], (int)part.Logits.shape[2]);
        var logits = part.Logits.clamp(-Largest, Largest);
        logits = part.Rows is null || part.Columns is null
            ? logits * _share
            : logits * tensor(part.Rows, [1, height, 1], device: logits.device) * _share * tensor(part.Columns, [1, 1, width], device: logits.device);
        var whole = view.Upright(logits.round().to(ScalarType.Int32));
        var (top, left) = view.Upright(part.Top, part.Left, height, width, _frame);
        _sums.narrow(1, top, whole.shape[1]).narrow(2, left, whole.shape[2]).add_(whole);
    }

    /// <summary>Adds all of a blend at another scale, in which views have their share already, a class at a time: all at both sizes would be the largest thing in memory.</summary>
    public void Add(WindowBlend scaled)
    {
        for (var k = 0; k < _sums.shape[0]; k++)
        {
            using var scope = NewDisposeScope();
            var plane = scaled._sums.narrow(0, k, 1).to(ScalarType.Float32) * Unit;
            var resized = Resampling.To(plane.unsqueeze(0), _frame.Height, _frame.Width)[0].clamp(-Largest, Largest);
            _sums.narrow(0, k, 1).add_((resized * Units).round().to(ScalarType.Int32));
        }
    }

    /// <summary>The sums, (K, H, W), to be read in units of <see cref="Unit"/>; the caller owns them.</summary>
    public Tensor Take() => _sums.cpu().contiguous().DetachFromDisposeScope();

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();
}

/// <summary>One window's logits.</summary>
/// <param name="Logits">(K, h, w), what lies within the image.</param>
/// <param name="Top">Their first row in what the network was shown.</param>
/// <param name="Left">Their first column.</param>
/// <param name="Rows">Weights of rows, or null: 1.</param>
/// <param name="Columns">Weights of columns, or null: 1.</param>
internal readonly record struct WindowPart(Tensor Logits, int Top, int Left, float[]? Rows, float[]? Columns);
