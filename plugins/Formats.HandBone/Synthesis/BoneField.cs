using System.Numerics;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>Signed distance to a closed curve around it, in pixels: positive inside. Further away than the reach it is only ± the reach.</summary>
internal sealed class BoneField
{
    private readonly float[] _distance;

    private BoneField(int left, int top, int width, int height, float reach)
    {
        (Left, Top, Width, Height) = (left, top, width, height);
        _distance = new float[width * height];
        Array.Fill(_distance, reach);
    }

    /// <summary>First column of the image that the field covers.</summary>
    public int Left { get; }

    /// <summary>First row.</summary>
    public int Top { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Row <paramref name="y"/> of the field.</summary>
    public ReadOnlySpan<float> Row(int y) => _distance.AsSpan(y * Width, Width);

    /// <summary>True where the image's pixel lies inside the curve; outside the field it does not.</summary>
    public bool Holds(int x, int y) =>
        (uint)(x - Left) < (uint)Width && (uint)(y - Top) < (uint)Height && _distance[((y - Top) * Width) + x - Left] > 0;

    /// <summary>The field of a curve.</summary>
    /// <param name="curve">In pixels, whole numbers at pixel centres.</param>
    /// <param name="frame">The image; the field is cut at its edges.</param>
    /// <param name="reach">How far from the curve distances are exact, in pixels.</param>
    public static BoneField Of(ReadOnlySpan<Vector2> curve, Frame frame, float reach)
    {
        var (low, high) = (curve[0], curve[0]);
        foreach (var p in curve)
        {
            (low, high) = (Vector2.Min(low, p), Vector2.Max(high, p));
        }

        var left = Math.Clamp((int)MathF.Floor(low.X) - 2, 0, frame.Width - 1);
        var top = Math.Clamp((int)MathF.Floor(low.Y) - 2, 0, frame.Height - 1);
        var right = Math.Clamp((int)MathF.Ceiling(high.X) + 3, left + 1, frame.Width);
        var bottom = Math.Clamp((int)MathF.Ceiling(high.Y) + 3, top + 1, frame.Height);
        var field = new BoneField(left, top, right - left, bottom - top, reach);
        var turns = new sbyte[(field.Width + 1) * field.Height];
        var origin = new Vector2(left, top);
        for (var i = 0; i < curve.Length; i++)
        {
            var (a, b) = (curve[i] - origin, curve[(i + 1) % curve.Length] - origin);
            field.Approach(a, b, reach);
            field.Cross(a, b, turns);
        }

        field.Sign(turns);
        return field;
    }

    /// <summary>Lowers distances near a piece of the curve.</summary>
    private void Approach(Vector2 a, Vector2 b, float reach)
    {
        var (low, high) = (Vector2.Min(a, b) - new Vector2(reach), Vector2.Max(a, b) + new Vector2(reach));
        var (x0, x1) = (Math.Max(0, (int)low.X), Math.Min(Width - 1, (int)high.X));
        var (y0, y1) = (Math.Max(0, (int)low.Y), Math.Min(Height - 1, (int)high.Y));
        var along = b - a;
        var inverse = 1 / Math.Max(along.LengthSquared(), 1e-12f);
        for (var y = y0; y <= y1; y++)
        {
            var row = _distance.AsSpan(y * Width, Width);
            for (var x = x0; x <= x1; x++)
            {
                var from = new Vector2(x, y) - a;
                var t = Math.Clamp(Vector2.Dot(from, along) * inverse, 0, 1);
                var squared = (from - (along * t)).LengthSquared();
                if (squared < row[x] * row[x])
                {
                    row[x] = MathF.Sqrt(squared);
                }
            }
        }
    }

    /// <summary>Notes where a piece of the curve crosses the rows, and in which direction.</summary>
    private void Cross(Vector2 a, Vector2 b, sbyte[] turns)
    {
        var (direction, low, high) = a.Y < b.Y ? ((sbyte)1, a, b) : ((sbyte)-1, b, a);
        var first = Math.Max(0, (int)MathF.Ceiling(low.Y));
        var last = Math.Min(Height, (int)MathF.Ceiling(high.Y));
        for (var y = first; y < last; y++)
        {
            var x = low.X + ((high.X - low.X) * (y - low.Y) / (high.Y - low.Y));
            turns[(y * (Width + 1)) + Math.Clamp((int)MathF.Ceiling(x), 0, Width)] += direction;
        }
    }

    /// <summary>Pixels around which the curve does not turn lie outside.</summary>
    private void Sign(sbyte[] turns)
    {
        for (var y = 0; y < Height; y++)
        {
            var winding = 0;
            var row = _distance.AsSpan(y * Width, Width);
            for (var x = 0; x < Width; x++)
            {
                winding += turns[(y * (Width + 1)) + x];
                row[x] = winding == 0 ? -row[x] : row[x];
            }
        }
    }
}
