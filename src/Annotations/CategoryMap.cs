namespace Osteon.Annotations;

/// <summary>Which class a source's name means.</summary>
public sealed class CategoryMap
{
    private readonly Dictionary<string, string> _classOf;
    private readonly bool _all;

    /// <summary>The map of an option; an empty one takes every name as it is.</summary>
    public CategoryMap(IReadOnlyDictionary<string, IReadOnlyList<string>> categories)
    {
        _all = categories.Count == 0;
        Classes = [.. categories.Keys];
        _classOf = categories.SelectMany(c => NamesOf(c).Distinct().Select(name => (name, c.Key))).ToDictionary(n => n.name, n => n.Key, StringComparer.Ordinal);
    }

    /// <summary>The classes that were named; empty where every name is a class.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>True where every name is a class.</summary>
    public bool TakesAll => _all;

    /// <summary>The names that mean something; empty where every name does.</summary>
    public IReadOnlyCollection<string> Names => _classOf.Keys;

    /// <summary>The class of a name; null where it is left out.</summary>
    public string? Of(string name) => _all ? name : _classOf.GetValueOrDefault(name);

    /// <summary>A class made of nothing in particular is made of its own name.</summary>
    internal static IReadOnlyList<string> NamesOf(KeyValuePair<string, IReadOnlyList<string>> category) => category.Value.Count > 0 ? category.Value : [category.Key];
}
