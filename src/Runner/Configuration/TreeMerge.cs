using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>
/// Lays one tree over another: mappings key by key, all else replaces. A choice is one value: options merge where both name the same
/// plugin and write options, otherwise the upper one stands alone, so that choosing SGD does not leave half an AdamW behind.
/// </summary>
internal sealed class TreeMerge(Faults faults)
{
    /// <param name="below">The preset; null where it says nothing.</param>
    /// <param name="above">What is written over it.</param>
    /// <param name="type">What will be bound here; null where nobody knows.</param>
    /// <param name="path">For faults.</param>
    public Node Merge(Node? below, Node above, Type? type, string path = "")
    {
        if (above is not MapNode upper)
        {
            return above;
        }

        if (type == typeof(Choice))
        {
            return below is MapNode { Entries: [var under] } && upper.Entries is [var over] && under.Key == over.Key && under.Value is MapNode
                ? upper with { Entries = [over with { Value = Merge(under.Value, over.Value, null, $"{path}.{over.Key}") }] }
                : above;
        }

        var entries = (below as MapNode)?.Entries.ToList() ?? [];
        var item = Schema.ItemOf(type);
        foreach (var entry in upper.Entries)
        {
            var inner = path.Length == 0 ? entry.Key : $"{path}.{entry.Key}";
            var at = entries.FindIndex(e => e.Key == entry.Key);
            if (at < 0 && item is not null && entry.Value.IsNull)
            {
                faults.Add(entry.KeyMark, inner, $"removes nothing: no preset brings '{entry.Key}'{Nearest.Hint(entry.Key, entries.Select(e => e.Key))}. Remove this line, or say what it is.");
            }
            else if (at < 0)
            {
                entries.Add(entry with { Value = Merge(null, entry.Value, Schema.Child(type, entry.Key), inner) });
            }
            else if (item is not null && entry.Value.IsNull)
            {
                entries.RemoveAt(at);
            }
            else
            {
                entries[at] = entry with
                {
                    KeyMark = entry.Value is MapNode ? Lasting(entries[at].KeyMark, entry.KeyMark) : entry.KeyMark,
                    Value = Merge(entries[at].Value, entry.Value, Schema.Child(type, entry.Key), inner),
                };
            }
        }

        return new MapNode(Lasting(below?.Mark, upper.Mark), entries);
    }

    /// <summary>A section that one value was set in still stands where its file has it.</summary>
    private static Mark? Lasting(Mark? below, Mark? above) => above is { Line: 0 } && below is not null ? below : above;
}

/// <summary>Which type stands where under a record.</summary>
internal static class Schema
{
    /// <summary>The values' type of a dictionary by names; null for other types.</summary>
    public static Type? ItemOf(Type? type) =>
        type is { IsGenericType: true } && type.GetGenericArguments() is [var key, var item] && key == typeof(string) ? item : null;

    /// <summary>The type under a key; null where the key is unknown or free.</summary>
    public static Type? Child(Type? type, string key) =>
        ItemOf(type) ?? (type is { IsClass: true } && type != typeof(string) && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
            ? Names.Properties(type).GetValueOrDefault(key)?.PropertyType
            : null);
}
