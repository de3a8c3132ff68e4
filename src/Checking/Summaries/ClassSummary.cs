namespace Osteon.Checking;

/// <summary>A connected part of a class (8-neighbours), in original pixels; all four sides belong to it.</summary>
public readonly record struct Part(long Area, int Top, int Left, int Bottom, int Right)
{
    /// <summary>Pixels between two parts' boxes; 0 when they touch or overlap.</summary>
    public double GapTo(Part other)
    {
        double dy = Math.Max(0, Math.Max(other.Top - Bottom, Top - other.Bottom) - 1);
        double dx = Math.Max(0, Math.Max(other.Left - Right, Left - other.Right) - 1);
        return Math.Sqrt((dy * dy) + (dx * dx));
    }
}

/// <summary>One class in one case, in the original frame.</summary>
/// <param name="Area">Pixels.</param>
/// <param name="Row">Centre of mass; NaN when there is no pixel.</param>
/// <param name="Column">The same.</param>
/// <param name="PartCount">Connected parts.</param>
/// <param name="Parts">The largest of them, at most <see cref="RunParts.Kept"/>, largest first.</param>
/// <param name="SmallParts">Areas of the smallest, at most <see cref="RunParts.Kept"/>, smallest first; the largest part is not among them.</param>
public sealed record ClassSummary(long Area, double Row, double Column, int PartCount, IReadOnlyList<Part> Parts, IReadOnlyList<long> SmallParts)
{
    /// <summary>Whether the case has the class.</summary>
    public bool IsPresent => Area > 0;
}
