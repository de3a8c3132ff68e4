using Osteon.Abstractions;

namespace Osteon.Runner.Configuration;

/// <summary>A plan, and where each of its values was written.</summary>
public sealed class LoadedPlan
{
    private readonly MapNode _tree;

    internal LoadedPlan(Plan plan, MapNode tree, IReadOnlyList<string> files) => (Plan, _tree, Files) = (plan, tree, files);

    /// <summary>The experiment, complete.</summary>
    public Plan Plan { get; }

    /// <summary>The same file with another plan made of it.</summary>
    internal LoadedPlan With(Plan plan) => new(plan, _tree, Files);

    /// <summary>The files it was read from, presets first, relative to the repository's root with '/' between folders.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Where a value was written; where it was not, what holds it; at last the experiment's own file.</summary>
    /// <param name="path">YAML keys with dots, list positions in brackets: <c>train.loss[1].BCE.weight</c>.</param>
    public Mark MarkOf(string path) => Walk(path).Mark;

    /// <summary>Where a value comes from, for people: <c>experiments/a.yaml(3,11)</c>, <c>--set train.epochs=3</c>, the environment, or <c>default</c>.</summary>
    /// <param name="path">As for <see cref="MarkOf"/>.</param>
    public string OriginOf(string path)
    {
        var (at, mark, rest) = Walk(path);
        var weight = rest == "weight" ? (at as ScalarNode)?.Mark : null;                                   // 'BCE: 0.5' is its weight
        mark = weight ?? mark;
        var written = rest.Length == 0 || at is ListNode || weight is not null;
        return !written ? "default" : mark.Variable is { } variable ? $"{mark} from the environment: {variable}" : mark.ToString();
    }

    /// <summary>What was written at a path; null where the default stands.</summary>
    internal Node? Find(string path) => Walk(path) is { Left.Length: 0 } found ? found.Node : null;

    private (Node Node, Mark Mark, string Left) Walk(string path)
    {
        Node at = _tree;
        var mark = _tree.Mark!;
        var rest = path;
        while (rest.Length > 0)
        {
            if (at is ListNode list && rest[0] == '[' && rest.IndexOf(']', StringComparison.Ordinal) is var close and > 0
                && int.TryParse(rest.AsSpan(1, close - 1), out var index) && index >= 0 && index < list.Items.Count)
            {
                at = list.Items[index];
                mark = at.Mark ?? mark;
                rest = After(rest, close + 1);
            }
            else if (at is MapNode map && map.Entries.Where(e => Begins(rest, e.Key)).MaxBy(e => e.Key.Length) is { } entry)
            {
                at = entry.Value;
                rest = After(rest, entry.Key.Length);
                mark = (rest.Length == 0 && at is ScalarNode ? at.Mark : entry.KeyMark) ?? mark;
            }
            else
            {
                break;
            }
        }

        return (at, mark, rest);
    }

    private static string After(string rest, int length) => rest.Length > length && rest[length] == '.' ? rest[(length + 1)..] : rest[length..];

    private static bool Begins(string rest, string key) =>
        rest.StartsWith(key, StringComparison.Ordinal) && (rest.Length == key.Length || rest[key.Length] is '.' or '[');
}
