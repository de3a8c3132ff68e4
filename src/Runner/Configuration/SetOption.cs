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

        var over = Over(tree, typeof(Plan), new Plan(), option[..equals], string.Empty, value, mark);
        return (MapNode)new TreeMerge(faults).Merge(tree, over, typeof(Plan));
    }

    /// <summary>What is to be laid over a node so that the value stands at the rest of the path.</summary>
    private Node Over(Node? at, Type? type, object? defaults, string rest, string path, Node value, Mark mark)
    {
        if (rest.Length == 0)
        {
            return value;
        }

        if (rest[0] == '[')
        {
            return OverItem(at, type, rest, path, value, mark);
        }

        if (type == typeof(Choice))
        {
            return BelowChoice(rest, value, at, defaults as Choice, path, mark).Reverse().Aggregate(value, (inner, key) => new MapNode(mark, [new Entry(key, mark, inner)]));
        }

        var name = FirstKey(at as MapNode, rest);
        var property = type is null || Schema.ItemOf(type) is not null ? null : Names.Properties(type).GetValueOrDefault(name);
        var child = Schema.Child(type, name);
        var standard = property is not null && defaults is not null ? property.GetValue(defaults)
            : child is { IsClass: true } && child.GetConstructor([]) is not null ? Activator.CreateInstance(child) : null;
        rest = rest[name.Length..];
        var below = Over((at as MapNode)?[name], child, standard, rest.StartsWith('.') ? rest[1..] : rest, path.Length == 0 ? name : $"{path}.{name}", value, mark);
        return new MapNode(mark, [new Entry(name, mark, below)]);
    }

    /// <summary>Lists replace lists: the whole one with one item changed.</summary>
    private Node OverItem(Node? at, Type? type, string rest, string path, Node value, Mark mark)
    {
        var close = rest.IndexOf(']', StringComparison.Ordinal);
        if (at is not ListNode list || close < 0 || !int.TryParse(rest.AsSpan(1, close - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) || index >= list.Items.Count)
        {
            faults.Add(mark, path, at is ListNode { Items.Count: var count } ? $"has {count} items, counted from 0, and none is '{rest}'." : "is no list that the experiment writes. Set the whole of it.");
            return at ?? value;
        }

        var element = type is null ? null : RecordBinder.ElementOf(type);
        var after = rest[(close + 1)..];
        var over = Over(list.Items[index], element, null, after.StartsWith('.') ? after[1..] : after, $"{path}[{index}]", value, mark);
        Node[] items = [.. list.Items];
        items[index] = new TreeMerge(faults).Merge(items[index], over, element, $"{path}[{index}]");
        return new ListNode(list.Mark, items);
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
        map?.Entries.Select(e => e.Key).Where(k => rest.StartsWith(k, StringComparison.Ordinal) && (rest.Length == k.Length || rest[k.Length] is '.' or '[')).MaxBy(k => k.Length)
        ?? rest.Split('.', '[')[0];
}
