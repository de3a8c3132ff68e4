namespace Osteon.Abstractions;

/// <summary>Numbers inside names count as numbers: 2 before 10. Names that differ only in leading zeros follow ordinally.</summary>
public sealed class NaturalOrder : IComparer<string>
{
    /// <summary>The one there is.</summary>
    public static readonly NaturalOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x, b = y;
        while (a.Length > 0 && b.Length > 0)
        {
            var (first, second) = (Digits(a), Digits(b));
            if (first > 0 && second > 0)
            {
                if (CompareNumbers(a[..first].TrimStart('0'), b[..second].TrimStart('0')) is not 0 and var order)
                {
                    return order;
                }

                a = a[first..];
                b = b[second..];
            }
            else if (a[0] != b[0])
            {
                return a[0] - b[0];
            }
            else
            {
                a = a[1..];
                b = b[1..];
            }
        }

        return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(x, y);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);

    private static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }
}
