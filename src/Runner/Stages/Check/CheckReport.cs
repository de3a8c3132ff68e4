using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;
using Osteon.Datasets;
using Osteon.Reporting;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>What Check found, with what the experiment accepts taken into account: the same for console, JSON, HTML and the report.</summary>
/// <param name="Findings">The gravest first.</param>
/// <param name="Unused">Entries of check.ignore that accept nothing.</param>
/// <param name="Cases">Cases in the store.</param>
internal sealed record CheckReport(IReadOnlyList<JudgedFinding> Findings, IReadOnlyList<string> Unused, int Cases)
{
    public const string Json = "check.json", Html = "check.html";

    /// <summary>Red and not accepted.</summary>
    public IReadOnlyList<Finding> Blocking => [.. Findings.Where(f => f.Reason is null && f.Finding.Severity == Severity.Red).Select(f => f.Finding)];

    /// <summary>Reads what the Check unit left.</summary>
    /// <exception cref="ConfigurationException">check.ignore names cases that do not exist.</exception>
    public static CheckReport Load(ExperimentSession session)
    {
        var converted = session.OutputOf("Convert").Folder;
        var store = CaseStore.Open(converted);
        var ids = store.Cases.Select(c => c.Id).Concat(ConversionRecord.Load(converted).Unread.Select(f => f.Case));
        var (findings, unused) = IgnoredFindings.Apply(FindingsFile.Load(session.OutputOf("Check").Folder), session.Plan.Check.Ignore, ids);
        return new CheckReport(findings, unused, store.Cases.Count);
    }

    /// <summary>Writes check.json and check.html beside the other results.</summary>
    public void Write(ExperimentSession session)
    {
        var pictures = session.OutputOf("Check").Folder;
        AtomicFile.WriteAllText(Path.Combine(session.RunFolder, Json), CanonicalJson.Text(ToJson(session.Plan.Name), indented: true) + "\n");
        var rules = Findings.GroupBy(f => f.Finding.Check).Select(g => RuleCatalogue.Find(g.Key) is { } rule
            ? new SheetRule(rule.Name, rule.What, rule.Why, [.. g.Select(f => new SheetFinding(f.Finding, f.Reason, CheckPictures.Find(f.Finding, pictures)))])
            : throw new InvalidOperationException($"No rule is called {g.Key}."));
        ContactSheet.Write(new SheetModel(session.Plan.Name, Cases, RuleCatalogue.All.Count, [.. rules], Unused), Path.Combine(session.RunFolder, Html));
    }

    /// <summary>A line a rule that found something, aligned; none where nothing was found.</summary>
    public IEnumerable<string> Table()
    {
        var groups = Findings.GroupBy(f => f.Finding.Check).ToArray();
        if (groups.Length == 0)
        {
            yield break;
        }

        var width = Math.Max(4, groups.Max(g => g.Key.Length));
        yield return $"  {"rule".PadRight(width)}  severity  findings  accepted  first";
        foreach (var group in groups)
        {
            var first = group.FirstOrDefault(f => f.Reason is null) ?? group.First();
            yield return $"  {group.Key.PadRight(width)}  {group.Max(f => f.Finding.Severity).ToString().ToLowerInvariant(),-8}  {group.Count(),8}  {group.Count(f => f.Reason is not null),8}  {first.Finding.Where}";
        }
    }

    private JsonObject ToJson(string experiment) => new()
    {
        ["experiment"] = experiment,
        ["cases"] = Cases,
        ["red"] = Blocking.Count,
        ["amber"] = Findings.Count(f => f.Reason is null && f.Finding.Severity == Severity.Amber),
        ["accepted"] = Findings.Count(f => f.Reason is not null),
        ["unused_ignores"] = new JsonArray([.. Unused.Select(u => (JsonNode)u)]),
        ["findings"] = new JsonArray([.. Findings.Select(f => (JsonNode)new JsonObject
        {
            ["severity"] = f.Finding.Severity.ToString().ToLowerInvariant(),
            ["rule"] = f.Finding.Check,
            ["case"] = f.Finding.Case,
            ["where"] = f.Finding.Where,
            ["message"] = f.Finding.Message,
            ["classes"] = new JsonArray([.. f.Finding.Classes.Select(c => (JsonNode)c)]),
            ["accepted_because"] = f.Reason,
        })]),
    };
}
