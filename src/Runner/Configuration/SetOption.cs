using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary><c>--set a.b.c=value</c>: one value over the files.</summary>
internal sealed class SetOption(Faults faults)
{
    /// <summary>The tree with the value laid over it.</summary>
    /// <param name="tree">The experiment so far.</param>
    /// <param name="option">What follows <c>--set</c>. Below a choice, <c>train.optimizer.lr</c> sets an option of whatever is chosen, <c>train.optimizer.SGD.lr</c> chooses SGD.</param>
    public MapNode Apply(MapNode tree, string option)
    {
        var mark = new Mark($"--set {option}");
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == option.Length - 1 || option.Any(char.IsControl))
        {
            faults.Add(mark, string.Empty, "expected a.b.c=value, as in --set train.epochs=5; write null to remove a value, '' for empty text.");
            return tree;
        }

        if (YamlReader.ReadValue(option[(equals + 1)..], mark, faults) is not { } value)
        {
            return tree;
        }

        List<string> keys = [];
        Node? at = tree;
        Type? type = typeof(Plan);
        object? defaults = new Plan();
        var rest = option[..equals];
        while (rest.Length > 0)
        {
            if (type == typeof(Choice))
            {
                keys.AddRange(BelowChoice(rest, value, at, defaults as Choice, string.Join('.', keys), mark));
                break;
            }

            var key = FirstKey(at as MapNode, rest);
            keys.Add(key);
            rest = rest.Length > key.Length ? rest[(key.Length + 1)..] : string.Empty;
            at = (at as MapNode)?[key];
            var property = type is null || Schema.ItemOf(type) is not null ? null : Names.Properties(type).GetValueOrDefault(key);
            type = Schema.Child(type, key);
            defaults = property is not null && defaults is not null ? property.GetValue(defaults)
                : type is { IsClass: true } && type.GetConstructor([]) is not null ? Activator.CreateInstance(type) : null;
        }

        for (var i = keys.Count - 1; i >= 0; i--)
        {
            value = new MapNode(mark, [new Entry(keys[i], mark, value)]);
        }

        return (MapNode)new TreeMerge(faults).Merge(tree, value, typeof(Plan));
    }

    private string[] BelowChoice(string rest, Node value, Node? at, Choice? standard, string path, Mark mark)
    {
        var chosen = at switch
        {
            ScalarNode { IsNull: false } name => name.Text,
            MapNode { Entries: [var (name, _, _)] } => name,
            null => standard?.Name,
            _ => null,
        };
        if (rest.Contains('.', StringComparison.Ordinal) || rest == chosen || value is MapNode || value.IsNull)
        {
            return rest.Split('.');
        }

        if (chosen is null)
        {
            faults.Add(mark, path, $"chooses nothing yet, so '{rest}' belongs to nothing. Write --set {path}.NAME.{rest}=….");
        }

        return chosen is null ? [rest] : [chosen, rest];
    }

    /// <summary>Names of models may hold dots: the longest key that is there wins.</summary>
    private static string FirstKey(MapNode? map, string rest) =>
        map?.Entries.Select(e => e.Key).Where(k => rest == k || rest.StartsWith(k + ".", StringComparison.Ordinal)).MaxBy(k => k.Length)
        ?? rest.Split('.')[0];
}
