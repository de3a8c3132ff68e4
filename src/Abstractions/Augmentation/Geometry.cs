using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>
/// What a spatial draw does to a pixel grid: where each pixel of the output is read from. Coordinates are (x, y) = (column, row) with
/// whole numbers at pixel centres.
/// </summary>
/// <remarks>
/// <para>Alone, a geometry is applied by the OpenCV call it stands for, bit for bit: <see cref="GridTurn"/> moves pixels,
/// <see cref="GridWindow"/> copies (cv2.copyMakeBorder where it leaves the image), <see cref="GridResize"/> is cv2.resize,
/// <see cref="GridProjection"/> cv2.warpAffine or cv2.warpPerspective, <see cref="GridField"/> cv2.remap, and
/// <see cref="GridChain"/> its parts one after another. Label words move by nearest neighbour in the same call.</para>
/// <para>Consecutive ones are joined: the composed map of coordinates is applied to the first image at once. Joined turns and windows
/// inside the image are still exact moves of pixels. Whatever else is joined differs from one after another in this alone: (1) grey
/// levels are interpolated once instead of at every step, so they are sharper, and a label comes from the pixel nearest to the end
/// of the whole path; (2) the border rule is asked only where the whole path ends outside the first image: what a step in
/// between would have moved out of its frame, and a later one brings back, is there instead of the fill; (3) a field is read
/// bilinearly between its pixels, and continued from its edge outside, where a later step asks for it there; (4) a joined resize reads
/// its outermost half pixel by the border rule of the others, where cv2.resize repeats the edge.</para>
/// <para>Two steps are joined only if they interpolate alike and have the same border (turns, windows inside the image and resizes
/// have none and join with all; area means, <see cref="Interpolation.Area"/>, are never joined), and if nothing between them looks at
/// or changes pixels.</para>
/// </remarks>
/// <param name="Output">The frame it leaves.</param>
public abstract record Geometry(Frame Output)
{
    /// <summary>Classes that change names after the move, such as left and right after a mirror; pairs of class numbers, swapped in order.</summary>
    public IReadOnlyList<(int First, int Second)> Swaps { get; init; } = [];
}

/// <summary>Lays the grid on itself or its transpose: no pixel is interpolated, none is lost.</summary>
public sealed record GridTurn : Geometry
{
    /// <summary>A turn of a grid.</summary>
    /// <param name="orientation">How it is laid.</param>
    /// <param name="from">The frame that arrives.</param>
    public GridTurn(Orientation orientation, Frame from)
        : base(orientation.HasFlag(Orientation.Transpose) ? new Frame(from.Width, from.Height) : from) => Orientation = orientation;

    /// <summary>How the grid is laid.</summary>
    public Orientation Orientation { get; }

    /// <summary>What does nothing.</summary>
    public static GridTurn None(Frame frame) => new(Orientation.Identity, frame);
}

/// <summary>A crop, a pad, or both: output pixel (0, 0) is input pixel (Left, Top); what lies outside the input is filled by the border.</summary>
/// <param name="Top">Row of the input; negative pads above.</param>
/// <param name="Left">Column of the input; negative pads to the left.</param>
/// <param name="Output">Height and width.</param>
/// <param name="Border">Asked for only where the window leaves the input.</param>
public sealed record GridWindow(int Top, int Left, Frame Output, Border Border = default) : Geometry(Output);

/// <summary>cv2.resize of a window of the input, which lies inside it.</summary>
/// <param name="Top">The window's first row.</param>
/// <param name="Left">The window's first column.</param>
/// <param name="Window">The window's height and width.</param>
/// <param name="Output">Height and width afterwards.</param>
/// <param name="Interpolation">For grey levels.</param>
public sealed record GridResize(int Top, int Left, Frame Window, Frame Output, Interpolation Interpolation = Interpolation.Linear) : Geometry(Output)
{
    /// <summary>A resize of the whole grid.</summary>
    public GridResize(Frame from, Frame output, Interpolation interpolation = Interpolation.Linear)
        : this(0, 0, from, output, interpolation)
    {
    }
}

/// <summary>cv2.warpAffine, or cv2.warpPerspective where the matrix's last row is not (0, 0, 1).</summary>
/// <param name="Matrix">Maps input to output coordinates, as OpenCV wants it (without WARP_INVERSE_MAP).</param>
/// <param name="Output">Height and width.</param>
/// <param name="Border">What lies outside.</param>
/// <param name="Interpolation">For grey levels.</param>
public sealed record GridProjection(Projection Matrix, Frame Output, Border Border = default, Interpolation Interpolation = Interpolation.Linear) : Geometry(Output);

/// <summary>cv2.remap: a source coordinate for each pixel of the output.</summary>
/// <param name="Fill">Writes them; called when the geometry is applied, and gives the same numbers each time.</param>
/// <param name="Output">Height and width.</param>
/// <param name="Border">What lies outside.</param>
/// <param name="Interpolation">For grey levels.</param>
public sealed record GridField(FillField Fill, Frame Output, Border Border = default, Interpolation Interpolation = Interpolation.Linear) : Geometry(Output);

/// <summary>Writes source coordinates for each output pixel, row-major.</summary>
/// <param name="x">Columns; Output.Area of them, unwritten when they come.</param>
/// <param name="y">Rows.</param>
/// <param name="workspace">For memory that is needed meanwhile.</param>
public delegate void FillField(Span<float> x, Span<float> y, Workspace workspace);

/// <summary>Several geometries of one draw, such as a rotation and the crop behind it.</summary>
/// <param name="Parts">Applied in this order; at least one.</param>
public sealed record GridChain(IReadOnlyList<Geometry> Parts) : Geometry(Parts[^1].Output);
