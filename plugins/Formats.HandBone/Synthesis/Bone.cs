using System.Numerics;

namespace Osteon.Plugins.HandBone;

/// <summary>One bone in place.</summary>
/// <param name="Class">Its name; null for bones that are seen but not labelled.</param>
/// <param name="Outline">Closed curve in millimetres of the image's plane, from its upper left corner.</param>
/// <param name="Base">Where the axis begins.</param>
/// <param name="Axis">From base to tip, as long as the bone.</param>
/// <param name="Build">What it is made of.</param>
internal sealed record Bone(string? Class, Vector2[] Outline, Vector2 Base, Vector2 Axis, BoneBuild Build)
{
    /// <summary>The bone in the mirror image of a frame <paramref name="width"/> wide.</summary>
    public Bone Mirrored(float width) => this with
    {
        Outline = [.. Outline.Select(p => p with { X = width - p.X })],
        Base = Base with { X = width - Base.X },
        Axis = Axis with { X = -Axis.X },
    };

    /// <summary>The bone elsewhere.</summary>
    public Bone Moved(Vector2 by) => this with { Outline = [.. Outline.Select(p => p + by)], Base = Base + by };
}

/// <summary>How dense a bone is, place by place; lengths in millimetres.</summary>
/// <param name="Shaft">Thickness of the compact wall in the middle of the shaft.</param>
/// <param name="Ends">The same at the ends, or everywhere in bones without a shaft.</param>
/// <param name="HalfDepth">Half the extent along the beam.</param>
/// <param name="ShaftFrom">Where along the axis, in [0, 1], the shaft begins.</param>
/// <param name="ShaftTo">Where it ends; not above <paramref name="ShaftFrom"/> where there is none.</param>
internal sealed record BoneBuild(float Shaft, float Ends, float HalfDepth, float ShaftFrom, float ShaftTo)
{
    private const float Transition = 0.16f;

    /// <summary>How much of a shaft a place along the axis is: 0 at the ends, 1 in the middle.</summary>
    public float ShaftAt(float along) => ShaftTo <= ShaftFrom ? 0 : Step((along - ShaftFrom) / Transition) * Step((ShaftTo - along) / Transition);

    private static float Step(float t)
    {
        var x = Math.Clamp(t, 0, 1);
        return x * x * (3 - (2 * x));
    }
}
