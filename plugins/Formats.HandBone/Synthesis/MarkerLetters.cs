using System.Numerics;

namespace Osteon.Plugins.HandBone;

/// <summary>The lead letters laid beside a hand, as strokes in a box 0.65 wide and 1 high.</summary>
internal static class MarkerLetters
{
    public static (Vector2 From, Vector2 To)[] R { get; } = Strokes([0, 1, 0, 0, 0.45f, 0, 0.62f, 0.13f, 0.62f, 0.38f, 0.45f, 0.5f, 0, 0.5f], [0.32f, 0.5f, 0.65f, 1]);

    public static (Vector2 From, Vector2 To)[] L { get; } = Strokes([0, 0, 0, 1, 0.6f, 1]);

    /// <summary>Each line is x, y, x, y, ….</summary>
    private static (Vector2, Vector2)[] Strokes(params float[][] lines) =>
        [.. lines.Select(l => l.Chunk(2).Select(p => new Vector2(p[0], p[1])).ToArray()).SelectMany(l => l.Zip(l.Skip(1)))];
}
