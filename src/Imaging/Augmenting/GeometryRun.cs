using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Applies geometries to samples: one by the call it stands for, several in a row as one warp where <see cref="Geometry"/> says so.</summary>
public static class GeometryRun
{
    /// <summary>Applies geometries in order.</summary>
    /// <returns>The moved sample in memory of the workspace; the same object when nothing moves.</returns>
    public static Sample Apply(Sample sample, IReadOnlyList<Geometry> geometries, Workspace workspace)
    {
        var (moving, from) = (new List<Geometry>(geometries.Count), sample.Image.Frame);
        foreach (var geometry in geometries)
        {
            if (!new Part(geometry, from).IsIdentity)
            {
                moving.Add(geometry);
            }

            from = geometry.Output;
        }

        if (moving.Count == 1)
        {
            sample = Alone(sample, moving[0], workspace);
        }
        else
        {
            foreach (var run in JoinedMap.Runs(moving, sample.Image.Frame))
            {
                sample = run.Count == 1 ? Alone(sample, run[0].Geometry, workspace) : JoinedMap.Of(run).Apply(sample, workspace);
            }
        }

        foreach (var geometry in geometries)
        {
            sample = Swap(sample, geometry, workspace);
        }

        return sample;
    }

    /// <summary>One geometry, bit for bit as the call it stands for.</summary>
    private static Sample Alone(Sample sample, Geometry geometry, Workspace workspace)
    {
        switch (geometry)
        {
            case GridChain chain:
                return chain.Parts.Aggregate(sample, (s, part) => new Part(part, s.Image.Frame).IsIdentity ? s : Alone(s, part, workspace));
            case GridResize resize when resize.Window != sample.Image.Frame:
                sample = Alone(sample, new GridWindow(resize.Top, resize.Left, resize.Window), workspace);
                return Alone(sample, resize with { Top = 0, Left = 0 }, workspace);
            case GridField field:
                var x = workspace.Numbers<float>(field.Output.Area);
                var y = workspace.Numbers<float>(field.Output.Area);
                field.Fill(x, y, workspace);
                return Remap(sample, field.Output, x, y, field.Interpolation, field.Border, workspace);
        }

        var moved = Blank(sample, geometry.Output, workspace);
        Move(geometry, GridPlane.Of(sample.Image, moved.Image));
        Move(geometry, GridPlane.Of(sample.Labels, moved.Labels));
        if (sample.Second is not null)
        {
            Move(geometry, GridPlane.Of(sample.Second, moved.Second!));
        }

        return moved;
    }

    private static void Move(Geometry geometry, in GridPlane plane)
    {
        switch (geometry)
        {
            case GridTurn turn:
                GridMoves.Turn(plane, 0, 0, plane.From, turn.Orientation);
                break;
            case GridWindow window:
                GridMoves.Pad(plane, window.Top, window.Left, window.Border);
                break;
            case GridResize resize:
                GridCalls.Resize(plane, resize.Interpolation);
                break;
            case GridProjection projection:
                GridCalls.Project(plane, projection.Matrix, inverse: false, projection.Interpolation, projection.Border);
                break;
            default:
                throw new NotSupportedException($"{geometry.GetType().Name} is not a geometry that is known here; use one of Osteon.Abstractions.");
        }
    }

    /// <summary>An empty sample of the same kind in another frame.</summary>
    internal static Sample Blank(Sample sample, Frame frame, Workspace workspace) => sample with
    {
        Image = workspace.Image(frame, sample.Image.BytesPerPixel),
        Labels = workspace.Labels(frame, sample.Labels.Classes),
        Second = sample.Second is null ? null : workspace.Labels(frame, sample.Second.Classes),
    };

    internal static Sample Remap(
        Sample sample, Frame frame, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Interpolation interpolation, Border border, Workspace workspace)
    {
        var moved = Blank(sample, frame, workspace);
        GridCalls.Remap(GridPlane.Of(sample.Image, moved.Image), x, y, interpolation, border);
        GridCalls.Remap(GridPlane.Of(sample.Labels, moved.Labels), x, y, interpolation, border);
        if (sample.Second is not null)
        {
            GridCalls.Remap(GridPlane.Of(sample.Second, moved.Second!), x, y, interpolation, border);
        }

        return moved;
    }

    private static Sample Swap(Sample sample, Geometry geometry, Workspace workspace)
    {
        if (geometry is GridChain chain)
        {
            foreach (var part in chain.Parts)
            {
                sample = Swap(sample, part, workspace);
            }
        }

        return geometry.Swaps.Count == 0 ? sample : sample with
        {
            Labels = ClassSwaps.Apply(sample.Labels, geometry.Swaps, workspace),
            Second = sample.Second is null ? null : ClassSwaps.Apply(sample.Second, geometry.Swaps, workspace),
        };
    }
}
