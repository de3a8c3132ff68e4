using System.Numerics;

namespace Osteon.Plugins.Spine;

/// <summary>A vertebral body seen from the side: a quadrilateral with rounded corners and a waist. Lengths in shares of the image's height.</summary>
/// <param name="Middle">Where it lies, x to the right, y down.</param>
/// <param name="Along">Unit vector down the spine.</param>
/// <param name="HalfWidth">From front to middle.</param>
/// <param name="HalfHeight">From endplate to middle.</param>
internal sealed record Vertebra(Vector2 Middle, Vector2 Along, float HalfWidth, float HalfHeight)
{
    private const float Corner = 0.22f, Waist = 0.1f;

    /// <summary>Distance to the edge, positive inside.</summary>
    public float Depth(Vector2 point)
    {
        var from = point - Middle;
        var (u, v) = ((from.X * Along.Y) - (from.Y * Along.X), Vector2.Dot(from, Along));

        // Front and back are hollow: the wall stands nearer half way between the endplates.
        var level = v / HalfHeight;
        var half = HalfWidth * (1 - (Waist * Math.Max(0, 1 - (level * level))));
        var radius = Corner * HalfHeight;
        var (dx, dy) = (Math.Abs(u) - half + radius, Math.Abs(v) - HalfHeight + radius);
        return radius - MathF.Sqrt((Math.Max(dx, 0) * Math.Max(dx, 0)) + (Math.Max(dy, 0) * Math.Max(dy, 0))) - Math.Min(0, Math.Max(dx, dy));
    }
}
