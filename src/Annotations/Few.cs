using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>Keeps reports short: a few are told one by one, the rest as a number.</summary>
public static class Few
{
    private const int Told = 20;

    /// <summary>Findings of one kind; where there are many, one that counts those left.</summary>
    public static void AddFew(this ICollection<Finding> findings, IReadOnlyList<Finding> many, string where)
    {
        foreach (var finding in many.Take(Told))
        {
            findings.Add(finding);
        }

        if (many.Count > Told)
        {
            findings.Add(many[0] with { Where = where, Message = $"The same is true of {many.Count - Told} more." });
        }
    }

    /// <summary>Faults of one file as one error.</summary>
    /// <exception cref="DataException">There is one.</exception>
    public static void Throw(string name, IReadOnlyList<string> faults)
    {
        if (faults.Count > 0)
        {
            throw new DataException(name, string.Join("; ", faults.Take(Told)) + (faults.Count > Told ? $"; and {faults.Count - Told} more" : string.Empty));
        }
    }

    /// <summary>A text of a file, short enough for a message.</summary>
    public static string Quoted(string? text) => text switch
    {
        null => "missing",
        { Length: > 40 } => $"'{text[..40]}…'",
        _ => $"'{text}'",
    };
}
