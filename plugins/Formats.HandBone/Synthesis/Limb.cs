using System.Numerics;

namespace Osteon.Plugins.HandBone;

/// <summary>Soft tissue around a line: a tapered capsule, in millimetres.</summary>
/// <param name="From">One end of the line.</param>
/// <param name="To">The other end.</param>
/// <param name="FromRadius">Distance of the skin there, in the image's plane.</param>
/// <param name="ToRadius">The same at the other end.</param>
/// <param name="HalfDepth">Half the extent along the beam.</param>
internal sealed record Limb(Vector2 From, Vector2 To, float FromRadius, float ToRadius, float HalfDepth)
{
    /// <summary>The limb in the mirror image of a frame <paramref name="width"/> wide.</summary>
    public Limb Mirrored(float width) => this with { From = From with { X = width - From.X }, To = To with { X = width - To.X } };

    /// <summary>The limb elsewhere.</summary>
    public Limb Moved(Vector2 by) => this with { From = From + by, To = To + by };

    /// <summary>Distance of the skin from a point, positive inside.</summary>
    public float DepthOf(Vector2 point)
    {
        var along = To - From;
        var t = Math.Clamp(Vector2.Dot(point - From, along) / along.LengthSquared(), 0, 1);
        return FromRadius + ((ToRadius - FromRadius) * t) - Vector2.Distance(point, From + (along * t));
    }
}

/// <summary>The limbs of a hand.</summary>
internal static class Limbs
{
    /// <summary>Wrist and forearm, placed by <paramref name="palm"/> from millimetres around the middle of the wrist.</summary>
    public static List<Limb[]> OfPalm(Matrix3x2 palm, float scale)
    {
        return
        [
            [Between(-8, 20, -9, 200, 21, 25, 20)],
            [Between(9, 20, 10, 200, 21, 24, 20)],
            [Between(-11, 4, 10, 4, 21, 20, 16)],
            [Between(2, 0, 2, 40, 26, 27, 18)],
        ];

        Limb Between(float x0, float y0, float x1, float y1, float r0, float r1, float depth) =>
            new(Vector2.Transform(new Vector2(x0, y0), palm), Vector2.Transform(new Vector2(x1, y1), palm), r0 * scale, r1 * scale, depth * scale);
    }

    /// <summary>The skin between thumb and second finger, from their metacarpals.</summary>
    public static Limb Web(Bone thumb, Bone second, float scale) =>
        new(thumb.Base + (thumb.Axis * 0.45f), second.Base + (second.Axis * 0.42f), 11 * scale, 10 * scale, 9 * scale);

    /// <summary>One finger's, from its bones, metacarpal first.</summary>
    public static IEnumerable<Limb> OfFinger(int finger, IReadOnlyList<Bone> chain, float scale)
    {
        var girth = scale * (finger switch { 0 => 1.12f, 4 => 0.86f, _ => 1 });
        var hand = chain[0];
        yield return finger == 0
            ? new Limb(hand.Base, hand.Base + hand.Axis, 15 * scale, 11.4f * scale, 13 * scale)
            : new Limb(hand.Base, hand.Base + (hand.Axis * 1.02f), 12.4f * scale, (finger == 4 ? 9.6f : 11) * scale, 13 * scale);
        for (var i = 1; i < chain.Count; i++)
        {
            var bone = chain[i];
            var tip = i == chain.Count - 1;
            var radius = girth * (finger == 0 ? 11.2f - (1.2f * i) : 11.8f - (1.3f * i));
            yield return new Limb(bone.Base, bone.Base + (bone.Axis * (tip ? 0.86f : 1)), radius, radius - (girth * (tip ? 0.8f : 1.2f)), radius * 0.92f);
        }
    }
}
