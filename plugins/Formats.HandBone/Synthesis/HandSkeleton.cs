using System.Numerics;
using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>The bones of one posed hand, and the soft tissue around them.</summary>
/// <param name="Bones">Labelled ones in class order, then the rest.</param>
/// <param name="Flesh">What surrounds them: limbs that continue one another are one part.</param>
/// <param name="RingAt">A place on the fourth finger, across which a ring would lie, and the finger's direction.</param>
internal sealed record HandSkeleton(IReadOnlyList<Bone> Bones, IReadOnlyList<Limb[]> Flesh, (Vector2 Middle, Vector2 Direction) RingAt)
{
    /// <summary>The image shows a square of this side in millimetres: 2048 pixels of 0.14 mm.</summary>
    public const float Field = 286.72f;

    private const float Margin = 11;

    /// <summary>Lengths in mm from tip to metacarpal, a finger a row: about a middle adult's.</summary>
    private static readonly float[][] Lengths = [[22, 31, 45], [17.5f, 23, 40, 67], [18.5f, 28, 44.5f, 64], [18.5f, 26.5f, 41.5f, 57], [16.2f, 19, 33, 53]];

    private static readonly float[][] Widths = [[13.2f, 15, 16], [9.4f, 12.6f, 15.2f, 16], [10, 13.2f, 15.6f, 15.8f], [9.8f, 12.6f, 14.8f, 14], [8.2f, 10.6f, 13, 14.2f]];

    /// <summary>Where metacarpals begin, in mm from the middle of the wrist, and where they point, in degrees from the forearm's axis.</summary>
    private static readonly (Vector2 Base, float Degrees)[] Roots =
        [(new(-27, -10.5f), -42), (new(-10.4f, -12.9f), -7), (new(1, -12.5f), -1), (new(10.8f, -11.4f), 6.5f), (new(19, -9.4f), 15)];

    private static readonly float[] PhalanxDegrees = [-32, -7, 0, 6, 14];

    /// <summary>Poses a hand.</summary>
    /// <param name="anatomy">The patient's stream: the same for both hands.</param>
    /// <param name="pose">The hand's own stream.</param>
    /// <param name="scale">Size of the patient, 1 for a middle adult.</param>
    /// <param name="left">Mirrors it.</param>
    public static HandSkeleton Build(RandomStream anatomy, RandomStream pose, float scale, bool left)
    {
        var turn = Normal(ref pose, 3.5f) + (pose.NextInt(12) == 0 ? (float)pose.NextDouble(-14, 14) : 0);
        var wrist = new Vector2(158 + Normal(ref pose, 4), 190 + Normal(ref pose, 3));
        var palm = Matrix3x2.CreateScale(scale) * Matrix3x2.CreateRotation(Radians(turn)) * Matrix3x2.CreateTranslation(wrist);
        var spread = (float)pose.NextDouble(0.4, 1.4);
        var bent = pose.NextInt(14) == 0 ? 1 + pose.NextInt(4) : -1;
        var ringAt = (float)pose.NextDouble(0.35, 0.6);

        var bones = new List<Bone>();
        var flesh = Limbs.OfPalm(palm, scale);
        for (var finger = 0; finger < 5; finger++)
        {
            var chain = Finger(finger, palm, turn, spread, finger == bent, scale, ref anatomy, ref pose);
            flesh.Add([.. Limbs.OfFinger(finger, chain, scale)]);
            bones.AddRange(Enumerable.Reverse(chain));
        }

        flesh.Add([Limbs.Web(bones[2], bones[6], scale)]);
        var ring = bones.Single(b => b.Class == "finger-14");
        bones.AddRange(WristAndForearm(palm, ref anatomy, ref pose));
        bones.AddRange(Sesamoids(bones[2], scale, ref anatomy));
        return Placed(bones, flesh, (ring.Base + (ring.Axis * ringAt), Vector2.Normalize(ring.Axis)), left);
    }

    /// <summary>A finger's bones from the metacarpal to the tip, each beginning where the one before ends.</summary>
    private static List<Bone> Finger(
        int finger, Matrix3x2 palm, float turn, float spread, bool bent, float scale, ref RandomStream anatomy, ref RandomStream pose)
    {
        var thumb = finger == 0;
        var metacarpal = Lengths[finger].Length - 1;
        var at = Vector2.Transform(Roots[finger].Base, palm);
        var degrees = Roots[finger].Degrees + turn + Normal(ref pose, thumb ? 5 : 0.6f);
        var chain = new List<Bone>();
        for (var joint = metacarpal; joint >= 0; joint--)
        {
            if (joint == metacarpal - 1)
            {
                degrees = (PhalanxDegrees[finger] * (thumb ? 1 : spread)) + turn + Normal(ref pose, thumb ? 5 : 2);
            }
            else if (joint < metacarpal - 1)
            {
                degrees += Normal(ref pose, 2) + (bent ? 14 * (finger < 3 ? 1 : -1) : 0);
            }

            var length = Lengths[finger][joint] * scale * Vary(ref anatomy, 0.03f);
            var width = Widths[finger][joint] * scale * Vary(ref anatomy, 0.04f);
            var place = Matrix3x2.CreateScale(width, -length) * Matrix3x2.CreateRotation(Radians(degrees)) * Matrix3x2.CreateTranslation(at);
            var axis = Vector2.TransformNormal(Vector2.UnitY, place);
            var build = new BoneBuild(
                Shaft: joint == metacarpal ? 1.9f : 1.1f + (0.2f * joint),
                Ends: 0.55f,
                HalfDepth: 0.3f * width,
                ShaftFrom: joint == 0 ? 0.2f : 0.12f,
                ShaftTo: joint == 0 ? 0.8f : 0.88f);
            var outline = Curve(BoneShapes.Finger(thumb, joint), place, ref anatomy, 0.01f);
            chain.Add(new Bone($"finger-{FirstOf(finger) + joint}", outline, at, axis, build));
            at += axis + (Vector2.Normalize(axis) * scale * (joint == metacarpal ? 1.7f : 1.3f));
        }

        return chain;
    }

    /// <summary>The wrist's bones, each a little out of its place and shape, and the two of the forearm.</summary>
    private static List<Bone> WristAndForearm(Matrix3x2 palm, ref RandomStream anatomy, ref RandomStream pose)
    {
        var bones = new List<Bone>();
        foreach (var (name, outline) in BoneShapes.WristAndForearm)
        {
            var middle = outline.Aggregate(Vector2.Zero, (a, b) => a + b) / outline.Length;
            var forearm = name is "Radius" or "Ulna";
            var own = forearm ? Matrix3x2.Identity
                : Matrix3x2.CreateScale(Vary(ref anatomy, 0.025f), Vary(ref anatomy, 0.025f), middle)
                    * Matrix3x2.CreateRotation(Normal(ref pose, 0.03f), middle)
                    * Matrix3x2.CreateTranslation(Normal(ref pose, 0.35f), Normal(ref pose, 0.35f));
            var from = Vector2.Transform(middle with { Y = outline.Max(p => p.Y) }, palm);
            var to = Vector2.Transform(middle with { Y = outline.Min(p => p.Y) }, palm);
            var build = name switch
            {
                "Radius" => new BoneBuild(2.6f, 0.8f, HalfDepth: 6, ShaftFrom: -1, ShaftTo: 0.9f),
                "Ulna" => new BoneBuild(2.2f, 0.8f, HalfDepth: 5.2f, ShaftFrom: -1, ShaftTo: 0.9f),
                _ => new BoneBuild(0, 0.7f, HalfDepth: name == "Pisiform" ? 4 : 5.5f, ShaftFrom: 1, ShaftTo: 0),
            };
            bones.Add(new Bone(name, Curve(outline, own * palm, ref anatomy, forearm ? 0.2f : 0.25f), from, to - from, build));
        }

        return bones;
    }

    /// <summary>The number of a finger's tip: 1, 4, 8, 12, 16.</summary>
    private static int FirstOf(int finger) => finger == 0 ? 1 : finger * 4;

    /// <summary>Shifts the hand until all fingers are in the image; only the forearm may leave it.</summary>
    private static HandSkeleton Placed(List<Bone> bones, List<Limb[]> flesh, (Vector2 Middle, Vector2 Direction) ring, bool left)
    {
        var points = bones.Where(b => b.Class is not ("Radius" or "Ulna")).SelectMany(b => b.Outline).ToList();
        var low = new Vector2(points.Min(p => p.X), points.Min(p => p.Y));
        var high = new Vector2(points.Max(p => p.X), points.Max(p => p.Y));
        var by = Vector2.Max(Vector2.Zero, new Vector2(Margin) - low) - Vector2.Max(Vector2.Zero, high - new Vector2(Field - Margin, Field - 45));
        var moved = new HandSkeleton([.. bones.Select(b => b.Moved(by))], [.. flesh.Select(p => p.Select(l => l.Moved(by)).ToArray())], (ring.Middle + by, ring.Direction));
        return !left ? moved : new HandSkeleton(
            [.. moved.Bones.Select(b => b.Mirrored(Field))],
            [.. moved.Flesh.Select(p => p.Select(l => l.Mirrored(Field)).ToArray())],
            (moved.RingAt.Middle with { X = Field - moved.RingAt.Middle.X }, ring.Direction with { X = -ring.Direction.X }));
    }

    /// <summary>Two at the head of the thumb's metacarpal.</summary>
    private static List<Bone> Sesamoids(Bone metacarpal, float scale, ref RandomStream anatomy)
    {
        var across = Vector2.Normalize(new Vector2(-metacarpal.Axis.Y, metacarpal.Axis.X));
        var found = new List<Bone>();
        foreach (var side in (ReadOnlySpan<float>)[2.2f, 6.2f])
        {
            var at = metacarpal.Base + (metacarpal.Axis * 0.93f) + (across * side * scale);
            var place = Matrix3x2.CreateScale(4.2f * scale * Vary(ref anatomy, 0.1f)) * Matrix3x2.CreateTranslation(at);
            found.Add(new Bone(null, Curve(BoneShapes.Sesamoid, place, ref anatomy, 0.03f), at, metacarpal.Axis, new BoneBuild(0, 0.5f, 1.8f, 1, 0)));
        }

        return found;
    }

    private static Vector2[] Curve(Vector2[] corners, Matrix3x2 place, ref RandomStream anatomy, float unrest)
    {
        var moved = new Vector2[corners.Length];
        for (var i = 0; i < corners.Length; i++)
        {
            moved[i] = Vector2.Transform(corners[i] + new Vector2(Normal(ref anatomy, unrest), Normal(ref anatomy, unrest * 0.4f)), place);
        }

        return BoneShapes.Smooth(moved);
    }

    private static float Radians(float degrees) => degrees * MathF.PI / 180;

    private static float Vary(ref RandomStream random, float deviation) => 1 + Normal(ref random, deviation);

    /// <summary>Normal, but never further than two deviations: a rare draw must not break a hand.</summary>
    private static float Normal(ref RandomStream random, float deviation) => deviation * (float)Math.Clamp(random.NextGaussian(), -2, 2);
}
