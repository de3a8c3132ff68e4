using System.Globalization;
using System.Text;

namespace Osteon.Runner;

/// <summary>Names of cases that any file system and any tool takes.</summary>
internal static class CaseNames
{
    private const int Longest = 120;

    /// <summary>A name for each id: letters, digits, '.', '_' and '-' stay, others become '_'; what would then be equal is numbered.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> ids)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new string[ids.Count];

        // An id that is a name already keeps it, whoever comes first.
        foreach (var keeps in new[] { true, false })
        {
            for (var i = 0; i < names.Length; i++)
            {
                var name = Plain(ids[i]);
                if (name == ids[i] == keeps && names[i] is null)
                {
                    names[i] = name;
                    for (var n = 2; !taken.Add(names[i]); n++)
                    {
                        names[i] = string.Create(CultureInfo.InvariantCulture, $"{name}_{n}");
                    }
                }
            }
        }

        return names;
    }

    private static string Plain(string id)
    {
        var plain = new StringBuilder(id.Length);
        foreach (var c in id)
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || (c == '.' && plain.Length > 0) ? c : '_');
        }

        return plain.Length > Longest ? plain.ToString(0, Longest) : plain.ToString();
    }
}
