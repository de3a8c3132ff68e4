using System.Numerics;

namespace Osteon.Plugins.HandBone;

/// <summary>How many millimetres of soft tissue the beam passes, on a grid of its own that a full-size image reads between.</summary>
internal sealed class SoftTissue
{
    private const int Side = 224;

    /// <summary>How widely parts melt into one another, in mm.</summary>
    private const float Melt = 7;

    private const float Cell = HandSkeleton.Field / (Side - 1);

    private readonly float[] _inside = new float[Side * Side];
    private readonly float[] _halfDepth = new float[Side * Side];

    public SoftTissue(IReadOnlyList<Limb[]> parts, GrainTile grain)
    {
        for (var i = 0; i < _inside.Length; i++)
        {
            var point = new Vector2(i % Side, i / Side) * Cell;
            var (inside, depth) = (-1e3f, 0f);
            foreach (var part in parts)
            {
                var (own, halfDepth) = Deepest(part, point);

                // A smooth maximum that also says how much of each side it took (after Quilez).
                var near = Math.Max(Melt - Math.Abs(inside - own), 0) / Melt;
                var share = own > inside ? 1 - (0.5f * near * near) : 0.5f * near * near;
                inside = Math.Max(inside, own) + (0.25f * Melt * near * near);
                depth += (halfDepth - depth) * share;
            }

            _inside[i] = inside;
            _halfDepth[i] = depth * (1 + (0.03f * grain.At(point.X / 9, point.Y / 9)) + (0.015f * grain.At(point.X / 3, point.Y / 3)));
        }
    }

    /// <summary>Adds <paramref name="factor"/> × thickness to each pixel of a row of a square image.</summary>
    public void AddRow(Span<float> row, int y, float factor)
    {
        var scale = (Side - 1f) / row.Length;
        var (top, fy) = Split((y + 0.5f) * scale);
        for (var x = 0; x < row.Length; x++)
        {
            var (left, fx) = Split((x + 0.5f) * scale);
            var i = (top * Side) + left;
            var inside = Between(_inside, i, fx, fy);
            if (inside > 0)
            {
                var half = Between(_halfDepth, i, fx, fy);
                var rest = 1 - Math.Min(inside / half, 1);
                row[x] += factor * 2 * half * MathF.Sqrt(1 - (rest * rest));
            }
        }
    }

    private static (float Inside, float HalfDepth) Deepest(Limb[] part, Vector2 point)
    {
        var (inside, depth) = (-1e3f, 0f);
        foreach (var limb in part)
        {
            var own = limb.DepthOf(point);
            (inside, depth) = own > inside ? (own, limb.HalfDepth) : (inside, depth);
        }

        return (inside, depth);
    }

    private static (int Cell, float Part) Split(float at)
    {
        var cell = Math.Min((int)at, Side - 2);
        return (cell, at - cell);
    }

    private static float Between(float[] grid, int i, float fx, float fy)
    {
        var upper = grid[i] + ((grid[i + 1] - grid[i]) * fx);
        var lower = grid[i + Side] + ((grid[i + Side + 1] - grid[i + Side]) * fx);
        return upper + ((lower - upper) * fy);
    }
}
