using System.Collections.Concurrent;
using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>The names that a data set's label files use, in ordinal order; asked once for each root.</summary>
/// <param name="categories">Named classes, which make the question needless.</param>
/// <param name="namesOf">Names of a label file, by root and path.</param>
public sealed class SourceClasses(CategoryMap categories, Func<string, string, IEnumerable<string>> namesOf)
{
    private readonly ConcurrentDictionary<string, Lazy<string[]>> _found = new(StringComparer.Ordinal);

    /// <summary>The classes of a root. A file that cannot be read names none here; Convert tells what is wrong with it.</summary>
    public IReadOnlyList<string> In(string root, Func<IReadOnlyList<string>> files) => !categories.TakesAll ? categories.Classes : Found(root, files);

    /// <summary>Names that categories has and no file uses, a fault each.</summary>
    public IReadOnlyList<string> Unknown(string root, Func<IReadOnlyList<string>> files)
    {
        if (categories.TakesAll)
        {
            return [];
        }

        var found = Found(root, files);
        return [.. categories.Names.Where(n => !found.Contains(n)).Select(n => $"categories names '{n}', which no label file uses; they use {string.Join(", ", found.Take(40))}{(found.Length > 40 ? ", …" : string.Empty)}.")];
    }

    private string[] Found(string root, Func<IReadOnlyList<string>> files) => _found.GetOrAdd(root, _ => new(() =>
    {
        var names = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        Parallel.ForEach(files(), file =>
        {
            try
            {
                foreach (var name in namesOf(root, file))
                {
                    names.TryAdd(name, true);
                }
            }
            catch (DataException)
            {
                // Convert reads it again, and tells.
            }
        });
        return [.. names.Keys.Order(StringComparer.Ordinal)];
    })).Value;
}
