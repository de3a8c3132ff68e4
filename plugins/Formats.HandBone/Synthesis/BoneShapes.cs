using System.Numerics;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// Outlines of a right hand seen from its back, thumb to the left, as corner points of closed curves. Long bones of the fingers
/// count across in widths and along in lengths from their base (0) to their tip (1); the others count millimetres from the
/// middle of the wrist, x to the little finger's side, y to the elbow.
/// </summary>
internal static class BoneShapes
{
    /// <summary>Half widths of the outline at places along the bone; both sides are alike, the first and last lie on the axis.</summary>
    private static readonly (float Along, float Half)[] Metacarpal =
        [(0.012f, 0), (0, 0.25f), (0.02f, 0.4f), (0.08f, 0.42f), (0.2f, 0.33f), (0.42f, 0.265f), (0.6f, 0.28f), (0.77f, 0.37f), (0.87f, 0.48f), (0.94f, 0.46f), (0.985f, 0.28f), (1, 0)];

    private static readonly (float Along, float Half)[] ThumbMetacarpal =
        [(0.03f, 0), (0, 0.24f), (0.01f, 0.42f), (0.09f, 0.46f), (0.22f, 0.37f), (0.42f, 0.31f), (0.6f, 0.32f), (0.78f, 0.4f), (0.89f, 0.47f), (0.96f, 0.4f), (1, 0.2f), (1, 0)];

    private static readonly (float Along, float Half)[] Proximal =
        [(0.025f, 0), (0, 0.26f), (0.025f, 0.46f), (0.1f, 0.48f), (0.21f, 0.39f), (0.38f, 0.31f), (0.55f, 0.285f), (0.7f, 0.3f), (0.83f, 0.36f), (0.92f, 0.385f), (0.985f, 0.27f), (0.975f, 0)];

    private static readonly (float Along, float Half)[] Middle =
        [(0, 0), (0.02f, 0.25f), (0.02f, 0.45f), (0.11f, 0.48f), (0.25f, 0.38f), (0.42f, 0.3f), (0.6f, 0.28f), (0.76f, 0.34f), (0.9f, 0.4f), (0.985f, 0.28f), (0.97f, 0)];

    private static readonly (float Along, float Half)[] Distal =
        [(0, 0), (0.01f, 0.28f), (0.04f, 0.46f), (0.14f, 0.47f), (0.28f, 0.34f), (0.45f, 0.24f), (0.62f, 0.215f), (0.76f, 0.255f), (0.87f, 0.29f), (0.95f, 0.23f), (0.99f, 0.11f), (1, 0)];

    /// <summary>A long bone of a finger: joint 0 is the tip's phalanx, the last the metacarpal.</summary>
    public static Vector2[] Finger(bool thumb, int joint) => Both(joint switch
    {
        0 => Distal,
        1 when !thumb => Middle,
        1 or 2 when thumb == (joint == 1) => Proximal,
        _ => thumb ? ThumbMetacarpal : Metacarpal,
    });

    /// <summary>The wrist's and the forearm's bones in class order after the fingers; the forearm's end far outside the image.</summary>
    public static (string Class, Vector2[] Outline)[] WristAndForearm { get; } =
    [
        ("Trapezium", Around(-19.2f, -4.2f, [-7, -4, -3, -8.5f, 4, -8.2f, 8, -3, 7, 4, 1, 8, -5, 6.5f, -8, 2])),
        ("Trapezoid", Around(-11.6f, -8.3f, [-5, -4.6f, 0, -6.2f, 4.8f, -5, 5.6f, 0, 4, 4.6f, -0.8f, 6, -5.2f, 4, -6.2f, -0.8f])),
        ("Capitate", Around(0.8f, -1, [-6.8f, -11.4f, 0, -12.3f, 7, -11, 7.4f, -4, 7, 3, 6, 9, 0.5f, 12, -5.4f, 9.2f, -6, 3, -7, -4.5f])),
        ("Hamate", Around(14.4f, -2.4f, [-7.4f, -9, -1, -9.8f, 6.8f, -8.6f, 9, -4, 6.2f, 3, 0.4f, 9.6f, -4.6f, 11, -7, 4, -7.6f, -3])),
        ("Scaphoid", Around(-12.2f, 9.6f, [-10.8f, -8, -5, -9, 2, -5.6f, 7.2f, -1.6f, 9.4f, 5.4f, 6.6f, 10.4f, 0.2f, 9.4f, -6.2f, 5, -11, -1.2f])),
        ("Lunate", Around(3.4f, 15.9f, [-7.8f, 1, -7, -4.9f, -1.4f, -4.4f, 5.4f, -6, 8.6f, -0.4f, 5.8f, 6.2f, -0.6f, 8, -6.4f, 6.4f])),
        ("Triquetrum", Around(17.6f, 11, [-7.2f, 2, -5.2f, -4.6f, 1, -7.2f, 7, -5.4f, 7.8f, 0, 4, 4.8f, -1.8f, 7.6f, -6.4f, 6.6f])),
        ("Pisiform", Around(20.3f, 9.9f, [-5.6f, 0.6f, -4.2f, -3.4f, 0.4f, -4.7f, 4.6f, -3, 5.6f, 0.8f, 3.6f, 3.9f, -0.4f, 4.7f, -4.2f, 3.5f])),
        ("Radius", Around(0, 0, [-20.5f, 17.8f, -14, 20.6f, -6, 24.4f, 1.4f, 26.8f, 7, 26.2f, 9.2f, 29, 8.4f, 33.5f, 5, 42, 1.6f, 55, 0.4f, 75, 1, 110, 2, 150, 2.5f, 190, -13, 190, -12.8f, 150, -12.8f, 110, -13.6f, 75, -15.4f, 55, -18.8f, 42, -22.4f, 31, -23, 23])),
        ("Ulna", Around(0, 0, [9.6f, 33.5f, 11.2f, 29.6f, 15, 28, 19, 29, 21.4f, 25.6f, 23.6f, 26, 24.4f, 31.5f, 23.8f, 37, 21.2f, 46, 20.4f, 60, 21, 80, 22, 110, 23, 150, 23.5f, 190, 12.4f, 190, 11.8f, 150, 10.6f, 110, 9.6f, 80, 9.6f, 60, 10.4f, 47, 10, 39])),
    ];

    /// <summary>A small round bone in a tendon, which no data set labels: 1 by 1 around (0, 0).</summary>
    public static Vector2[] Sesamoid { get; } = [new(-0.5f, 0), new(-0.3f, -0.42f), new(0.3f, -0.4f), new(0.5f, 0.05f), new(0.28f, 0.42f), new(-0.32f, 0.38f)];

    /// <summary>A smooth closed curve through the corners (Catmull and Rom 1974), eight points a piece.</summary>
    public static Vector2[] Smooth(ReadOnlySpan<Vector2> corners)
    {
        const int Pieces = 8;
        var curve = new Vector2[corners.Length * Pieces];
        for (var i = 0; i < corners.Length; i++)
        {
            var (a, b) = (corners[(i + corners.Length - 1) % corners.Length], corners[i]);
            var (c, d) = (corners[(i + 1) % corners.Length], corners[(i + 2) % corners.Length]);
            for (var k = 0; k < Pieces; k++)
            {
                var t = k / (float)Pieces;
                curve[(i * Pieces) + k] = 0.5f * ((2 * b) + ((c - a) * t) + (((2 * a) - (5 * b) + (4 * c) - d) * (t * t)) + (((3 * b) - a - (3 * c) + d) * (t * t * t)));
            }
        }

        return curve;
    }

    private static Vector2[] Both((float Along, float Half)[] side) =>
    [
        .. side.Select(p => new Vector2(p.Half, p.Along)),
        .. side.Skip(1).SkipLast(1).Reverse().Select(p => new Vector2(-p.Half, p.Along)),
    ];

    private static Vector2[] Around(float x, float y, float[] pairs) =>
        [.. Enumerable.Range(0, pairs.Length / 2).Select(i => new Vector2(x + pairs[2 * i], y + pairs[(2 * i) + 1]))];
}
