namespace Osteon.Masks;

/// <summary>A convention a text can be read in, and how well the mask then agrees with a known one.</summary>
public sealed record RleGuess(RleConvention Convention, double IoU);

/// <summary>Finds the convention of a file whose author did not say: a wrong one reads too, but the pixels lie elsewhere.</summary>
public static class RleSniffer
{
    private static readonly RleConvention[] Candidates =
    [
        new(ScanOrder.Row, 1, RleForm.StartLength),
        new(ScanOrder.Row, 0, RleForm.StartLength),
        new(ScanOrder.Column, 1, RleForm.StartLength),
        new(ScanOrder.Column, 0, RleForm.StartLength),
        new(ScanOrder.Row, 0, RleForm.Counts),
        new(ScanOrder.Column, 0, RleForm.Counts),
        new(ScanOrder.Row, 0, RleForm.CocoString),
        new(ScanOrder.Column, 0, RleForm.CocoString),
    ];

    /// <summary>Reads a text in every convention and ranks those it can be read in.</summary>
    /// <param name="text">One mask's RLE.</param>
    /// <param name="label">What it should show, at least roughly; not empty, and better not symmetric.</param>
    /// <returns>Best first; empty when no convention fits. A narrow lead means that another mask should be asked too.</returns>
    public static IReadOnlyList<RleGuess> Rank(ReadOnlySpan<char> text, Mask label)
    {
        var guesses = new List<RleGuess>();
        foreach (var candidate in Candidates)
        {
            try
            {
                guesses.Add(new RleGuess(candidate, MaskMetrics.IoU(Rle.Decode(text, candidate, label.Frame), label)));
            }
            catch (MaskFormatException)
            {
                // It is not this one.
            }
        }

        return [.. guesses.OrderByDescending(g => g.IoU)];
    }
}
