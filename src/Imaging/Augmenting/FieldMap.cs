using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Follows each pixel of an output back through geometries, fields among them, to where it is read from.</summary>
internal readonly ref struct FieldMap(Frame output, Span<float> x, Span<float> y)
{
    private readonly Span<float> _x = x, _y = y;

    /// <summary>Fills the coordinates.</summary>
    /// <param name="parts">In the order they are applied.</param>
    /// <param name="workspace">For the fields.</param>
    public void Follow(IReadOnlyList<Part> parts, Workspace workspace)
    {
        var straight = Projection.Identity;                         // what is not yet in the coordinates
        var written = false;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i].Geometry is not GridField field)
            {
                straight = straight.Then(parts[i].Input);
                continue;
            }

            if (!written && straight == Projection.Identity && field.Output == output)
            {
                field.Fill(_x, _y, workspace);
            }
            else
            {
                Project(straight, written);
                Bend(field, workspace);
            }

            (written, straight) = (true, Projection.Identity);
        }

        Project(straight, written);
    }

    private void Project(in Projection map, bool written)
    {
        if (written && map == Projection.Identity)
        {
            return;
        }

        if (written && map.IsAffine)
        {
            ProjectAffine(map);
            return;
        }

        for (int row = 0, i = 0; row < output.Height; row++)
        {
            for (var column = 0; column < output.Width; column++, i++)
            {
                var (u, v) = written ? map.Apply(_x[i], _y[i]) : map.Apply(column, row);
                (_x[i], _y[i]) = ((float)u, (float)v);
            }
        }
    }

    private void ProjectAffine(in Projection map)
    {
        var (xx, xy, x1) = ((float)map.XX, (float)map.XY, (float)map.X1);
        var (yx, yy, y1) = ((float)map.YX, (float)map.YY, (float)map.Y1);
        var xs = _x;
        var ys = _y[..xs.Length];
        var vectors = System.Numerics.Vector<float>.Count;
        var i = 0;
        for (; i <= xs.Length - vectors; i += vectors)
        {
            var (u, v) = (new System.Numerics.Vector<float>(xs[i..]), new System.Numerics.Vector<float>(ys[i..]));
            ((u * xx) + (v * xy) + new System.Numerics.Vector<float>(x1)).CopyTo(xs[i..]);
            ((u * yx) + (v * yy) + new System.Numerics.Vector<float>(y1)).CopyTo(ys[i..]);
        }

        for (; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = ((xs[i] * xx) + (ys[i] * xy) + x1, (xs[i] * yx) + (ys[i] * yy) + y1);
        }
    }

    // Where the path asks a field between its pixels, its displacement is bilinear; outside, that of its edge.
    private void Bend(GridField field, Workspace workspace)
    {
        var (height, width) = field.Output;
        var fx = workspace.Numbers<float>(field.Output.Area);
        var fy = workspace.Numbers<float>(field.Output.Area);
        field.Fill(fx, fy, workspace);
        for (var i = 0; i < _x.Length; i++)
        {
            var (u, v) = (Math.Clamp(_x[i], 0, width - 1), Math.Clamp(_y[i], 0, height - 1));
            var (left, top) = (Math.Min((int)u, Math.Max(width - 2, 0)), Math.Min((int)v, Math.Max(height - 2, 0)));
            var (s, t) = (u - left, v - top);
            var (a, right, below) = ((top * width) + left, width > 1 ? 1 : 0, height > 1 ? width : 0);
            var px = Between(fx[a], fx[a + right], fx[a + below], fx[a + below + right], s, t);
            var py = Between(fy[a], fy[a + right], fy[a + below], fy[a + below + right], s, t);
            (_x[i], _y[i]) = (_x[i] + px - u, _y[i] + py - v);
        }
    }

    private static float Between(float a, float b, float c, float d, float s, float t)
    {
        var (upper, lower) = (a + (s * (b - a)), c + (s * (d - c)));
        return upper + (t * (lower - upper));
    }
}
