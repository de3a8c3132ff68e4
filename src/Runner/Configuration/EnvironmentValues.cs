using System.Text.RegularExpressions;

namespace Osteon.Runner.Configuration;

/// <summary>
/// <c>${env:NAME}</c> and <c>${env:NAME:-default}</c> in values of an experiment. What is read becomes part of the plan, and with it of
/// locks, reports and MLflow: a variable that looks like a secret is therefore refused. <c>$${env:…}</c> stays as text.
/// </summary>
/// <param name="read">Gives a variable's value, or null; empty counts as not set, as in a shell's <c>:-</c>.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed partial class EnvironmentValues(Func<string, string?> read, Faults faults)
{
    private const int Longest = 4096;

    /// <summary>The tree with all variables in it replaced; keys stay as they are.</summary>
    public Node Resolve(Node node) => node switch
    {
        MapNode map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Resolve(e.Value) })] },
        ListNode list => new ListNode(list.Mark, [.. list.Items.Select(Resolve)]),
        ScalarNode scalar when scalar.Text.Contains("${env:", StringComparison.Ordinal) => Resolve(scalar),
        _ => node,
    };

    private ScalarNode Resolve(ScalarNode scalar)
    {
        List<string> names = [];
        var before = faults.Count;
        var text = Reference().Replace(scalar.Text, match =>
        {
            if (match.Groups["escape"].Length > 0)
            {
                return match.Value[1..];
            }

            names.Add(match.Groups["name"].Value);
            return Value(match.Groups["name"].Value, match.Groups["default"] is { Success: true } standard ? standard.Value : null, scalar.Mark);
        });
        if (names.Count == 0 && text == scalar.Text)
        {
            faults.Add(scalar.Mark, string.Empty, $"'{Short(scalar.Text)}' asks for no environment variable; expected ${{env:NAME}} or ${{env:NAME:-default}}, the name of letters, digits and '_'. Text is written $${{env:…}}.");
        }

        // A number that stands alone is one, in quotes too: within { } YAML wants them.
        var alone = names.Count == 1 && Alone().IsMatch(scalar.Text) && faults.Count == before;
        var value = new ScalarNode(scalar.Mark is null || names.Count == 0 ? scalar.Mark : scalar.Mark with { Variable = string.Join(", ", names) }, text, scalar.Plain || alone);
        return value.IsNull ? value with { Plain = false } : value;
    }

    private string Value(string name, string? standard, Mark? mark)
    {
        if (Secret().IsMatch(name))
        {
            faults.Add(mark, string.Empty, $"{name} looks like a secret. An experiment's values are kept in its lock, its report and MLflow; leave secrets to the programs that need them.");
            return string.Empty;
        }

        var value = read(name) is { Length: > 0 } set ? set : standard;
        if (value is null)
        {
            faults.Add(mark, string.Empty, $"the environment variable {name} is not set. Set it, or give a default: ${{env:{name}:-value}}.");
        }
        else if (value.Length > Longest || value.Any(char.IsControl))
        {
            faults.Add(mark, string.Empty, $"the environment variable {name} has {value.Length} characters or control characters among them; expected a line of at most {Longest}.");
        }
        else if (Credentials().IsMatch(value))
        {
            faults.Add(mark, string.Empty, $"the environment variable {name} holds a URL with a password, which would be kept in lock, report and MLflow. Give it without.");
        }
        else
        {
            return value;
        }

        return string.Empty;
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..59] + "…";

    [GeneratedRegex(@"(?<escape>\$)?\$\{env:(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^{}]*))?\}")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\$\{[^{}]*\}\z")]
    private static partial Regex Alone();

    [GeneratedRegex("(?i)(^|_)(PASS(WORD|WD|PHRASE)?|SECRETS?|TOKENS?|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET)_?KEY|APIKEY|AUTH)(_|$|[0-9])|(?i)password|secret|token")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*://[^/\s@]*:[^/\s@]+@")]
    private static partial Regex Credentials();
}
