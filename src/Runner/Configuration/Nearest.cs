namespace Osteon.Runner.Configuration;

/// <summary>Finds what somebody who mistyped a name meant.</summary>
public static class Nearest
{
    /// <summary>The candidate closest to a mistyped name; null when none is close enough to be meant.</summary>
    /// <param name="name">As it was typed.</param>
    /// <param name="candidates">What there is; of two equally close the first in ordinal order wins.</param>
    /// <remarks>
    /// Insertions, deletions, changes and swaps of neighbours count one each (Damerau 1964, optimal string alignment), letter case and the
    /// kind of separator nothing. Allowed are 1 up to 3 letters, 2 up to 6, 3 beyond.
    /// </remarks>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        if (name.Length is 0 or > 100)
        {
            return null;
        }

        var allowed = name.Length <= 3 ? 1 : name.Length <= 6 ? 2 : 3;
        return candidates
            .Where(c => Math.Abs(c.Length - name.Length) <= allowed)
            .Select(c => (Candidate: c, Distance: Distance(Plain(name), Plain(c))))
            .Where(c => c.Distance <= allowed && c.Distance < name.Length)
            .OrderBy(c => c.Distance).ThenBy(c => c.Candidate, StringComparer.Ordinal)
            .FirstOrDefault().Candidate;
    }

    /// <summary>"; nearest is 'x'", or nothing when nothing is near: to be put into a message.</summary>
    public static string Hint(string name, IEnumerable<string> candidates) => To(name, candidates) is { } near ? $"; nearest is '{near}'" : string.Empty;

    private static string Plain(string name) => name.ToUpperInvariant().Replace('-', '_').Replace(' ', '_');

    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
