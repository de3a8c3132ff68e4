using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>A geometry with the frame that reaches it.</summary>
internal readonly record struct Part(Geometry Geometry, Frame From)
{
    /// <summary>True when every pixel stays where it is.</summary>
    public bool IsIdentity => Geometry switch
    {
        GridTurn turn => turn.Orientation == Orientation.Identity,
        GridWindow window => window is { Top: 0, Left: 0 } && window.Output == From,
        GridResize resize => resize is { Top: 0, Left: 0 } && resize.Window == From && resize.Output == From,
        GridProjection projection => projection.Matrix == Projection.Identity && projection.Output == From,
        GridChain chain => AreIdentity(chain.Parts, From),
        _ => false,
    };

    /// <summary>How it reads between pixels; null where it does not.</summary>
    public Interpolation? Interpolation => Geometry switch
    {
        GridResize resize => resize.Interpolation,
        GridProjection projection => projection.Interpolation,
        GridField bent => bent.Interpolation,
        _ => null,
    };

    /// <summary>What it sees outside; null where it never looks.</summary>
    public Border? Border => Geometry switch
    {
        GridWindow window when window.Top < 0 || window.Left < 0
            || window.Top + window.Output.Height > From.Height || window.Left + window.Output.Width > From.Width => window.Border,
        GridProjection projection => projection.Border,
        GridField bent => bent.Border,
        _ => null,
    };

    /// <summary>Output to input coordinates, of all but fields and chains.</summary>
    public Projection Input => Geometry switch
    {
        GridTurn turn => OfTurn(turn.Orientation),
        GridWindow window => Projection.Shift(window.Left, window.Top),
        GridResize resize => OfResize(resize),
        GridProjection projection => projection.Matrix.Inverse(),
        _ => throw new NotSupportedException($"{Geometry.GetType().Name} is not a geometry that is known here; use one of Osteon.Abstractions."),
    };

    private static bool AreIdentity(IReadOnlyList<Geometry> parts, Frame from) => parts.All(p => new Part(p, from).IsIdentity);

    // Pixel centres: output x reads (x + 1/2) · scale − 1/2.
    private static Projection OfResize(GridResize resize)
    {
        var (x, y) = ((double)resize.Window.Width / resize.Output.Width, (double)resize.Window.Height / resize.Output.Height);
        return new Projection(x, 0, ((x - 1) / 2) + resize.Left, 0, y, ((y - 1) / 2) + resize.Top);
    }

    private Projection OfTurn(Orientation orientation)
    {
        var (x, x1) = orientation.HasFlag(Orientation.FlipColumns) ? (-1, From.Width - 1) : (1, 0);
        var (y, y1) = orientation.HasFlag(Orientation.FlipRows) ? (-1, From.Height - 1) : (1, 0);
        return orientation.HasFlag(Orientation.Transpose) ? new Projection(0, x, x1, y, 0, y1) : new Projection(x, 0, x1, 0, y, y1);
    }
}
