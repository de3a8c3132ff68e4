namespace Osteon.Checking;

/// <summary>What a set's thumbnails have in common.</summary>
internal static class Thumbnails
{
    // A median over thousands of cases is no better than one over hundreds.
    private const int Enough = 512;

    /// <summary>The median of each cell over the set, brought to mean 0 and deviation 1 again.</summary>
    public static float[] Usual(IReadOnlyList<CaseSummary> cases)
    {
        var step = Math.Max(1, cases.Count / Enough);
        var sample = cases.Where((_, i) => i % step == 0).Select(c => c.Image.Thumbnail).ToArray();
        var usual = new float[sample[0].Length];
        var column = new float[sample.Length];
        for (var i = 0; i < usual.Length; i++)
        {
            for (var j = 0; j < column.Length; j++)
            {
                column[j] = sample[j][i];
            }

            Array.Sort(column);
            usual[i] = column[column.Length / 2];
        }

        return ImageSummary.Standardize(usual);
    }

    /// <summary>A thumbnail turned by 90° clockwise.</summary>
    public static float[] QuarterTurn(float[] thumbnail)
    {
        const int side = ImageSummary.ThumbnailSide;
        var turned = new float[thumbnail.Length];
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++)
            {
                turned[(x * side) + (side - 1 - y)] = thumbnail[(y * side) + x];
            }
        }

        return turned;
    }
}
