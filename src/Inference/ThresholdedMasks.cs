using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>
/// One image's masks at every candidate threshold at rest. What is above a threshold is above every lower one too, so a pixel's level, which is how many
/// of the ascending candidates it is above, says all of them.
/// </summary>
/// <param name="planes">Levels, at the masks' size.</param>
public sealed class ThresholdedMasks(PackedPlanes planes)
{
    private static ReadOnlySpan<byte> Kind => "OSTTHRM1"u8;

    /// <summary>Packs them.</summary>
    /// <param name="masks">By class, then by candidate, ascending, at most 255; each within the one before.</param>
    public static ThresholdedMasks Of(IReadOnlyList<IReadOnlyList<Mask>> masks) => new(PackedPlanes.Of(masks[0][0].Frame, masks.Count, k =>
    {
        var levels = new byte[masks[k][0].Frame.Area];
        for (var i = 0; i < masks[k].Count; i++)
        {
            masks[k][i].Fill(levels, checked((byte)(i + 1)));
        }

        return levels;
    }));

    /// <summary>A class's mask.</summary>
    /// <param name="k">The class.</param>
    /// <param name="candidate">The threshold's place, from 0.</param>
    public Mask At(int k, int candidate)
    {
        ReadOnlySpan<byte> levels = planes[k];
        var runs = new List<Run>();
        var least = (byte)(candidate + 1);
        for (var start = 0; start < levels.Length;)
        {
            var next = levels[start..].IndexOfAnyInRange(least, byte.MaxValue);
            if (next < 0)
            {
                break;
            }

            start += next;
            var length = levels[start..].IndexOfAnyExceptInRange(least, byte.MaxValue);
            length = length < 0 ? levels.Length - start : length;
            runs.Add(new Run(start, length));
            start += length;
        }

        return new Mask(planes.Frame, [.. runs]);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    public void Save(string path) => planes.Save(path, Kind);

    /// <summary>Reads a file.</summary>
    /// <exception cref="Abstractions.DataException">It is missing or damaged.</exception>
    public static ThresholdedMasks Load(string path) => new(PackedPlanes.Load(path, Kind));
}
