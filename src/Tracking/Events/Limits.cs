using System.Text;

namespace Osteon.Tracking;

/// <summary>What MLflow accepts as names and values; anything else is mended rather than lost, and told of.</summary>
internal static class Limits
{
    public const int Key = 250;
    public const int ParamValue = 6000;
    public const int TagValue = 5000;
    public const int RunName = 250;
    public const int ExperimentName = 256;
    public const int DatasetName = 500;
    public const int DatasetSource = 60_000;

    /// <summary>MLflow's column for a data set's digest; a SHA-256 in hex is cut to its first 36 digits.</summary>
    public const int DatasetDigest = 36;

    /// <summary>
    /// A name MLflow takes: letters, digits and <c>_ - . space : /</c>, at most 250 characters, and, seen as a path, relative and
    /// without empty, "." or ".." parts.
    /// </summary>
    /// <returns>The name itself when it is legal; else the nearest legal one.</returns>
    public static string Name(string name)
    {
        var mended = new StringBuilder(name.Length);
        foreach (var part in name.Split('/'))
        {
            if (part is "" or "." or "..")
            {
                continue;
            }

            if (mended.Length > 0)
            {
                mended.Append('/');
            }

            foreach (var c in part)
            {
                mended.Append(char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ' ' or ':' ? c : '_');
            }
        }

        var result = Cut(mended.ToString(), Key).TrimEnd('/');
        return result.Length > 0 ? result : "_";
    }

    /// <summary>At most <paramref name="length"/> UTF-16 units, never half a surrogate pair; NUL, which databases of servers refuse, becomes U+FFFD.</summary>
    public static string Cut(string value, int length)
    {
        value = value.Replace('\0', '\uFFFD');
        if (value.Length <= length)
        {
            return value;
        }

        return char.IsHighSurrogate(value[length - 1]) ? value[..(length - 1)] : value[..length];
    }
}
