using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Osteon.Reporting.Tests;

public sealed partial class LeaderboardPageTests
{
    [Fact]
    public void Asks_nothing_of_the_network_and_runs_only_its_own_script()
    {
        var html = LeaderboardPage.Render([Row("a", 0.9)]);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        var script = Script().Match(html).Groups["script"].Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", html.Replace("&#x2B;", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_cannot_end_the_data()
    {
        var html = LeaderboardPage.Render([Row("</script><script>alert(1)</script>", 0.9)]);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Equal("</script><script>alert(1)</script>", (string?)Data(html)["rows"]![0]![0]);
    }

    [Fact]
    public void Names_stand_once_and_rows_hold_numbers()
    {
        var data = Data(LeaderboardPage.Render([Row("a", 0.9), Row("b", double.NaN)]));
        Assert.Equal(["Radius", "Ulna"], data["classes"]!.AsArray().Select(c => (string?)c));
        Assert.Equal(2, data["settings"]!.AsArray().Count);
        Assert.Equal(0.9, (double?)data["rows"]![0]![2]);
        Assert.Null(data["rows"]![1]![2]);
        Assert.Equal([0, 0.9, 0.8, 0.95, 1, 0.9, 0.8, 0.95], data["rows"]![0]![16]!.AsArray().Select(n => (double)n!));
    }

    [Fact]
    public void Ten_thousand_rows_open_in_a_browser_and_only_those_in_sight_are_drawn()
    {
        const string chromium = "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(chromium), "Chromium is not installed");
        var folder = Directory.CreateTempSubdirectory("osteon-leaderboard-");
        try
        {
            var page = Path.Combine(folder.FullName, "leaderboard.html");
            var classes = Enumerable.Range(0, 29).Select(k => $"bone-{k}").ToArray();
            LeaderboardPage.Write([.. Enumerable.Range(0, 10_000).Select(i => Row($"experiment-{i}", 0.5 + (i * 7919 % 10_000 / 20_000.0)) with
            {
                Classes = classes.ToDictionary(c => c, c => new ScoreInterval(0.5 + (i % 97 / 200.0), 0.4, 0.99)),
                Settings = Enumerable.Range(0, 60).ToDictionary(s => $"train.option{s}", s => s == 7 ? $"{i % 200}" : "1"),
            })], page);
            using var browser = Process.Start(new ProcessStartInfo(chromium, ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.FullName}/profile", "--dump-dom", $"file://{page}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            browser.ErrorDataReceived += (_, _) => { };
            browser.BeginErrorReadLine();
            var dom = browser.StandardOutput.ReadToEnd();
            browser.WaitForExit();
            var ready = Ready().Match(dom);
            Assert.True(ready.Success, "the script did not reach its end");
            TestContext.Current.SendDiagnosticMessage($"10,000 rows were drawn after {ready.Groups["ms"].Value} ms");
            Assert.InRange(int.Parse(ready.Groups["ms"].Value, System.Globalization.CultureInfo.InvariantCulture), 1, 5000);        // 350 alone on two cores; machines are shared
            Assert.InRange(RowElement().Count(dom), 10, 60);
            Assert.Contains("10000 of 10000", dom, StringComparison.Ordinal);
            Assert.Matches(@">(1\.0000|0\.9999|0\.9998) \[", dom);        // the best stands first
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonNode Data(string html) => JsonNode.Parse(Json().Match(html).Groups["json"].Value)!;

    private static LeaderboardRow Row(string name, double dice) => new()
    {
        Experiment = name,
        Key = "12345678",
        Made = DateTimeOffset.UnixEpoch,
        Data = "abcdef01",
        Dice = new ScoreInterval(dice, 0.8, 0.95),
        Classes = new Dictionary<string, ScoreInterval> { ["Radius"] = new(0.9, 0.8, 0.95), ["Ulna"] = new(0.9, 0.8, 0.95) },
        Members = [("unet/fold 0", 0.88)],
        Scored = (10, 5),
        Settings = new Dictionary<string, string> { ["seed"] = "1", ["train.epochs"] = "3" },
    };

    [GeneratedRegex("data-ready=\"(?<ms>\\d+)\"")]
    private static partial Regex Ready();

    [GeneratedRegex("class=\"row\"")]
    private static partial Regex RowElement();

    [GeneratedRegex("<script>(?<script>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("id=\"data\">(?<json>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Json();
}
