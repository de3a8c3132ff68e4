using Osteon.Abstractions;

namespace Osteon.Plugins.HandBone;

/// <summary>Smooth random texture that repeats without a seam; mean 0, deviation about 1.</summary>
internal sealed class GrainTile
{
    private const int Side = 128;

    private readonly float[] _values = new float[Side * Side];

    public GrainTile(RandomStream random)
    {
        var raw = new float[Side * Side];
        for (var i = 0; i < raw.Length; i++)
        {
            var bits = random.NextUInt64();
            raw[i] = ((bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48) - 131070f) / 37837f;
        }

        // A 3×3 binomial, and its deviation 3/8 taken out again.
        for (var i = 0; i < raw.Length; i++)
        {
            var sum = 0f;
            for (var dy = -1; dy <= 1; dy++)
            {
                for (var dx = -1; dx <= 1; dx++)
                {
                    sum += raw[((((i / Side) + dy) & (Side - 1)) * Side) + ((i + dx) & (Side - 1))] * (2 - Math.Abs(dx)) * (2 - Math.Abs(dy));
                }
            }

            _values[i] = sum / 16 / 0.375f;
        }
    }

    /// <summary>The texture at a place, in texels, at least 0; between texels bilinear.</summary>
    public float At(float x, float y)
    {
        var (left, top) = ((int)x, (int)y);
        var (fx, fy) = (x - left, y - top);
        var (x0, x1) = (left & (Side - 1), (left + 1) & (Side - 1));
        var (y0, y1) = ((top & (Side - 1)) * Side, ((top + 1) & (Side - 1)) * Side);
        var upper = _values[y0 + x0] + ((_values[y0 + x1] - _values[y0 + x0]) * fx);
        var lower = _values[y1 + x0] + ((_values[y1 + x1] - _values[y1 + x0]) * fx);
        return upper + ((lower - upper) * fy);
    }
}
