using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>
/// All results as one HTML file that asks nothing of the network: a table that sorts, filters and compares two rows, and draws only the
/// rows in sight, so that ten thousand open as fast as ten.
/// </summary>
public static class LeaderboardPage
{
    private static readonly JsonSerializerOptions Compact = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes the file whole or not at all; the same rows give the same bytes.</summary>
    public static void Write(IReadOnlyList<LeaderboardRow> rows, string path) => AtomicFile.WriteAllText(path, Render(rows));

    /// <summary>The page as text.</summary>
    public static string Render(IReadOnlyList<LeaderboardRow> rows)
    {
        var script = Page.Resource("leaderboard.js");
        var html = Page.Head("Leaderboard", Page.Resource("leaderboard.css"), script).Add($"""
            <main class="wide">
            <h1>Leaderboard</h1>
            <p class="note">Mean test Dice over classes, or what stands behind it where images are classified; in brackets a 95 % bootstrap interval over patients. Only rows of one <em>data</em> were measured on the same cases. A <b>+</b> behind a commit: files differed from it.</p>
            <p class="tools"><label>Filter <input id="filter" type="search" placeholder="unet  dice&gt;0.8  train.epochs=12" size="42"></label> <span id="count" role="status"></span></p>
            <div id="board" role="table" aria-label="Results" tabindex="0"><div id="head" role="row"></div><div id="body"><div id="rows"></div></div></div>
            <p class="note" id="hint">Click a heading to sort; click two rows to compare them.</p>
            <section id="compare" hidden></section>
            <noscript>This page needs JavaScript; the console has the same table: dotnet cake --target=Leaderboard.</noscript>
            </main>

            """);
        return html.AddData(Data(rows)).AddScript(script).Add($"</body>\n</html>\n").ToString();
    }

    /// <summary>Settings and class names stand once each; rows hold their numbers.</summary>
    private static string Data(IReadOnlyList<LeaderboardRow> rows)
    {
        var classes = Numbered(rows.SelectMany(r => r.Classes.Keys));
        var settings = Numbered(rows.SelectMany(r => r.Settings.Keys));
        var values = Numbered(rows.SelectMany(r => r.Settings.Values));
        var members = Numbered(rows.SelectMany(r => r.Members.Select(m => m.Name)));
        var data = new JsonObject
        {
            ["classes"] = Names(classes),
            ["settings"] = Names(settings),
            ["values"] = Names(values),
            ["members"] = Names(members),
            ["rows"] = new JsonArray([.. rows.Select(r => new JsonArray(
                r.Experiment, r.Tag, Number(r.Dice.Mean), Number(r.Dice.Low), Number(r.Dice.High), r.Members.Count, r.Data, r.Scored.Cases, r.Scored.Patients,
                r.Commit, r.Made.ToUnixTimeSeconds(), Number(r.Seconds), Number(r.ProcessorSeconds), r.Cost, r.Reproduced, r.Key,
                new JsonArray([.. r.Classes.SelectMany(c => new JsonNode?[] { classes[c.Key], Number(c.Value.Mean), Number(c.Value.Low), Number(c.Value.High) })]),
                new JsonArray([.. r.Settings.SelectMany(s => new JsonNode?[] { settings[s.Key], values[s.Value] })]),
                new JsonArray([.. r.Members.SelectMany(m => new JsonNode?[] { members[m.Name], Number(m.Dice) })]),
                r.Metric))]),
        };
        return data.ToJsonString(Compact);
    }

    private static Dictionary<string, int> Numbered(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            numbers.TryAdd(name, numbers.Count);
        }

        return numbers;
    }

    private static JsonArray Names(Dictionary<string, int> numbered) => new([.. numbered.OrderBy(n => n.Value).Select(n => JsonValue.Create(n.Key))]);

    private static JsonValue? Number(double? value) => value is { } number && double.IsFinite(number) ? JsonValue.Create(Math.Round(number, 4)) : null;
}
