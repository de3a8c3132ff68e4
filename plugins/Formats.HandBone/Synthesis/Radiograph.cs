using System.Numerics;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// The picture of a hand: attenuation added up along the beam, blurred as a detector does, turned into grey by a film-like curve
/// and given the noise of few photons. Lengths are millimetres, so every size shows the same hand.
/// </summary>
internal sealed class Radiograph
{
    private const float SoftPerMm = 0.02f;
    private const float CompactPerMm = 0.074f;
    private const float MetalPerMm = 0.9f;

    /// <summary>How far from its edge a bone's wall may show, in mm.</summary>
    private const float Reach = 6.5f;

    private readonly int _size;
    private readonly float _pixelsPerMm;
    private readonly float[] _attenuation;
    private readonly GrainTile _grain;

    private Radiograph(int size, GrainTile grain)
    {
        (_size, _pixelsPerMm, _grain) = (size, size / HandSkeleton.Field, grain);
        _attenuation = new float[size * size];
    }

    /// <summary>Draws a hand.</summary>
    /// <param name="hand">Its bones and flesh.</param>
    /// <param name="look">Exposure, noise and what lies beside the hand.</param>
    /// <param name="size">Height and width in pixels.</param>
    /// <param name="left">Which letter is laid beside it.</param>
    /// <returns>Grey pixels, and the field of each labelled bone in the skeleton's order.</returns>
    public static (byte[] Grey, IReadOnlyList<(string Class, BoneField Field)> Bones) Draw(HandSkeleton hand, RandomStream look, int size, bool left)
    {
        var exposure = Exposure.Draw(ref look);
        var grain = new GrainTile(new RandomStream(look.NextUInt64()));
        var picture = new Radiograph(size, grain);
        var tissue = new SoftTissue(hand.Flesh, grain);
        for (var y = 0; y < size; y++)
        {
            tissue.AddRow(picture.Row(y), y, SoftPerMm * exposure.Flesh);
        }

        var labelled = new List<(string, BoneField)>();
        var density = (float)look.NextDouble(0.9, 1.15);
        foreach (var bone in hand.Bones)
        {
            var field = BoneField.Of(picture.ToPixels(bone.Outline), new Frame(size, size), Reach * picture._pixelsPerMm);
            picture.Add(bone, field, density);
            if (bone.Class is { } name)
            {
                labelled.Add((name, field));
            }
        }

        picture.AddMetal(hand, ref look, left);
        DetectorBlur.Apply(picture._attenuation, size, 0.11f * picture._pixelsPerMm);
        return (exposure.Expose(picture._attenuation, size, new RandomStream(look.NextUInt64())), labelled);
    }

    private Span<float> Row(int y) => _attenuation.AsSpan(y * _size, _size);

    private Vector2[] ToPixels(Vector2[] millimetres) => [.. millimetres.Select(p => (p * _pixelsPerMm) - new Vector2(0.5f))];

    /// <summary>A wall of compact bone around spongy bone or, in a shaft, marrow; as if its section were a circle of its depth.</summary>
    private void Add(Bone bone, BoneField field, float density)
    {
        var (build, perPixel) = (bone.Build, 1 / _pixelsPerMm);
        var along = bone.Axis / bone.Axis.LengthSquared();
        for (var y = 0; y < field.Height; y++)
        {
            var distances = field.Row(y);
            var row = Row(field.Top + y)[field.Left..];
            for (var x = 0; x < distances.Length; x++)
            {
                var cover = Math.Min(distances[x] + 0.5f, 1);
                if (cover <= 0)
                {
                    continue;
                }

                var at = new Vector2(field.Left + x + 0.5f, field.Top + y + 0.5f) * perPixel;
                var shaft = build.ShaftAt(Vector2.Dot(at - bone.Base, along));
                var wall = build.Ends + ((build.Shaft - build.Ends) * shaft);
                var depth = Math.Max(distances[x], 0.4f) * perPixel;
                var (outer, inner) = (Chord(depth, build.HalfDepth), Chord(depth - wall, build.HalfDepth - wall));
                var texture = (0.17f * _grain.At(at.X * 1.9f, at.Y * 1.9f)) + (0.11f * _grain.At(at.X * 0.7f, at.Y * 0.7f));
                var filling = (0.42f - (0.3f * shaft)) * (1 + texture);
                row[x] += cover * density * CompactPerMm * (((outer - inner) * (1 + (0.12f * texture))) + (inner * filling));
            }
        }
    }

    /// <summary>The length of a beam through a circle, <paramref name="depth"/> from its edge.</summary>
    private static float Chord(float depth, float radius)
    {
        var d = Math.Clamp(depth, 0, radius);
        return 2 * MathF.Sqrt(Math.Max(0, d * ((2 * radius) - d)));
    }

    /// <summary>The side's letter, and sometimes a ring.</summary>
    private void AddMetal(HandSkeleton hand, ref RandomStream look, bool left)
    {
        var inward = left ? -1 : 1;
        var corner = new Vector2(left ? HandSkeleton.Field - 22 : 14, (float)look.NextDouble(196, 238));
        if (look.NextInt(5) > 0)
        {
            foreach (var (from, to) in left ? MarkerLetters.L : MarkerLetters.R)
            {
                Bar(corner + (from * 9), corner + (to * 9), 0.75f, 0.75f);
            }
        }

        if (look.NextInt(9) == 0)
        {
            var (middle, direction) = hand.RingAt;
            var across = new Vector2(-direction.Y, direction.X) * 8.4f * inward;
            Bar(middle - across, middle + (direction * 0.8f), 1.3f, 1.6f);
            Bar(middle + (direction * 0.8f), middle + across, 1.3f, 1.6f);
        }
    }

    private void Bar(Vector2 from, Vector2 to, float radius, float thickness)
    {
        var limb = new Limb(from, to, radius, radius, 0);
        var (low, high) = ((Vector2.Min(from, to) - new Vector2(radius + 1)) * _pixelsPerMm, (Vector2.Max(from, to) + new Vector2(radius + 1)) * _pixelsPerMm);
        for (var y = Math.Max(0, (int)low.Y); y <= Math.Min(_size - 1, (int)high.Y); y++)
        {
            for (var x = Math.Max(0, (int)low.X); x <= Math.Min(_size - 1, (int)high.X); x++)
            {
                var inside = limb.DepthOf(new Vector2(x + 0.5f, y + 0.5f) / _pixelsPerMm) * _pixelsPerMm;
                ref var pixel = ref Row(y)[x];
                pixel = Math.Max(pixel, Math.Clamp(inside + 0.5f, 0, 1) * MetalPerMm * thickness);
            }
        }
    }
}
