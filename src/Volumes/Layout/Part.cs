using System.Globalization;

namespace Osteon.Volumes;

/// <summary>A case that is one slice or frame of a file: its path is the file's, then '#' and a number from 0.</summary>
public static class Part
{
    /// <summary>The path of a part.</summary>
    public static string Of(string path, int part) => string.Create(CultureInfo.InvariantCulture, $"{path}#{part:D4}");

    /// <summary>File and part of a path; part 0 where it names none.</summary>
    public static (string File, int Index) Split(string path)
    {
        var at = path.LastIndexOf('#');
        return at >= 0 && int.TryParse(path.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var part) ? (path[..at], part) : (path, 0);
    }
}
