using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>Gathers what is wrong, so that the user mends all of it at once.</summary>
internal sealed class Faults
{
    private readonly List<(Mark? Mark, string Path, string Text)> _found = [];

    public int Count => _found.Count;

    /// <summary>Records a fault; its line reads <c>place: path what</c>.</summary>
    public void Add(Mark? mark, string path, string what)
    {
        var subject = string.Concat((path.Length == 0 ? what : $"{path} {what}").Select(c => char.IsControl(c) ? "\uFFFD" : c.ToString()));
        _found.Add((mark, path, mark is null ? subject : $"{mark}: {subject}"));
    }

    /// <summary>Whether something is already wrong at, above or below a path; a second complaint there would be noise.</summary>
    public bool Touches(string path) => _found.Exists(f => f.Path.Length > 0 && (Within(f.Path, path) || Within(path, f.Path)));

    /// <summary>In the order of the files, as they were first met.</summary>
    public IReadOnlyList<string> Lines()
    {
        var places = _found.Select(f => f.Mark?.Place ?? string.Empty).Distinct().ToList();
        return [.. _found.OrderBy(f => places.IndexOf(f.Mark?.Place ?? string.Empty)).ThenBy(f => f.Mark?.Line).ThenBy(f => f.Mark?.Column).Select(f => f.Text).Distinct()];
    }

    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw new ConfigurationException(Lines());
        }
    }

    private static bool Within(string path, string outer) =>
        path.StartsWith(outer, StringComparison.Ordinal) && (path.Length == outer.Length || path[outer.Length] is '.' or '[');
}
