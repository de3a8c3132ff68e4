using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Several geometries as one map from the last one's output to the first one's input.</summary>
internal sealed class JoinedMap
{
    private readonly IReadOnlyList<Part> _parts;
    private readonly Interpolation _interpolation;
    private readonly Border _border;

    private JoinedMap(IReadOnlyList<Part> parts)
    {
        _parts = parts;
        (_interpolation, _border) = (parts.Select(p => p.Interpolation).FirstOrDefault(i => i is not null) ?? Interpolation.Linear,
            parts.Select(p => p.Border).FirstOrDefault(b => b is not null) ?? new Border(BorderMode.Replicate));
    }

    public static JoinedMap Of(IReadOnlyList<Part> parts) => new(parts);

    /// <summary>The longest runs of geometries that may be joined; chains are taken apart.</summary>
    public static List<List<Part>> Runs(IReadOnlyList<Geometry> geometries, Frame from)
    {
        var runs = new List<List<Part>>();
        foreach (var geometry in geometries.SelectMany(Parts))
        {
            var part = new Part(geometry, from);
            from = geometry.Output;
            if (part.IsIdentity)
            {
                continue;
            }

            if (runs.Count > 0 && Joins(runs[^1], part))
            {
                runs[^1].Add(part);
            }
            else
            {
                runs.Add([part]);
            }
        }

        return runs;
    }

    public Sample Apply(Sample sample, Workspace workspace)
    {
        var output = _parts[^1].Geometry.Output;
        if (_parts.All(p => p.Geometry is GridTurn or GridWindow))
        {
            return ApplyMoves(sample, workspace);
        }

        if (_parts.Any(p => p.Geometry is GridField))
        {
            var x = workspace.Numbers<float>(output.Area);
            var y = workspace.Numbers<float>(output.Area);
            new FieldMap(output, x, y).Follow(_parts, workspace);
            return GeometryRun.Remap(sample, output, x, y, _interpolation, _border, workspace);
        }

        var inverse = Inverse();
        var moved = GeometryRun.Blank(sample, output, workspace);
        GridCalls.Project(GridPlane.Of(sample.Image, moved.Image), inverse, inverse: true, _interpolation, _border);
        GridCalls.Project(GridPlane.Of(sample.Labels, moved.Labels), inverse, inverse: true, _interpolation, _border);
        if (sample.Second is not null)
        {
            GridCalls.Project(GridPlane.Of(sample.Second, moved.Second!), inverse, inverse: true, _interpolation, _border);
        }

        return moved;
    }

    private static IEnumerable<Geometry> Parts(Geometry geometry) => geometry is GridChain chain ? chain.Parts.SelectMany(Parts) : [geometry];

    private static bool Joins(List<Part> run, Part next)
    {
        // A pad behind anything but turns stays a step of its own: its fill is meant to be seen.
        if ((next is { Geometry: GridWindow, Border: not null } && run.Any(p => p.Geometry is not GridTurn))
            || next.Interpolation == Interpolation.Area || run.Any(p => p.Interpolation == Interpolation.Area))
        {
            return false;
        }

        return run.All(p => Agree(p.Interpolation, next.Interpolation) && Agree(p.Border, next.Border));
    }

    private static bool Agree<T>(T? a, T? b) where T : struct => a is null || b is null || a.Value.Equals(b.Value);

    private Projection Inverse()
    {
        var total = Projection.Identity;
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            total = total.Then(_parts[i].Input);
        }

        return total;
    }

    // Signed permutations with whole shifts are exact in doubles.
    private Sample ApplyMoves(Sample sample, Workspace workspace)
    {
        var inverse = Inverse();
        var output = _parts[^1].Geometry.Output;
        var transposed = inverse.XX == 0;
        var orientation = (transposed ? Orientation.Transpose : 0)
            | ((transposed ? inverse.YX : inverse.YY) < 0 ? Orientation.FlipRows : 0)
            | ((transposed ? inverse.XY : inverse.XX) < 0 ? Orientation.FlipColumns : 0);
        var (a, b) = (inverse.Apply(0, 0), inverse.Apply(output.Width - 1, output.Height - 1));
        var (left, top) = ((int)Math.Min(a.X, b.X), (int)Math.Min(a.Y, b.Y));
        var window = transposed ? new Frame(output.Width, output.Height) : output;
        if (top < 0 || left < 0 || top + window.Height > sample.Image.Frame.Height || left + window.Width > sample.Image.Frame.Width)
        {
            sample = GeometryRun.Apply(sample, [new GridWindow(top, left, window, _border)], workspace);
            (top, left) = (0, 0);
            if (orientation == Orientation.Identity)
            {
                return sample;
            }
        }

        var moved = GeometryRun.Blank(sample, output, workspace);
        GridMoves.Turn(GridPlane.Of(sample.Image, moved.Image), top, left, window, orientation);
        GridMoves.Turn(GridPlane.Of(sample.Labels, moved.Labels), top, left, window, orientation);
        if (sample.Second is not null)
        {
            GridMoves.Turn(GridPlane.Of(sample.Second, moved.Second!), top, left, window, orientation);
        }

        return moved;
    }
}
