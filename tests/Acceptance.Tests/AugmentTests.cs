using System.Text.Json.Nodes;
using Osteon.Datasets;

namespace Osteon.Acceptance.Tests;

/// <summary>Extra cases of each fold's training cases, and the page that shows what training makes of a case.</summary>
public sealed class AugmentTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public AugmentTests() => _workspace.Write("experiments/tiny.yaml", TinyExperiment.Yaml(models: 1) + """

        augment:
          - {name: wrist, classes: [Capitate, Triquetrum, Pisiform], margin: 0.2, jitter: 0.1, size: 48, copies: 2}
          - {name: four, transforms: [RICAP: {p: 1}]}
          - {name: turned, upright_within: 80, transforms: [Rotate: {limit: [60, 90], p: 1}]}
        """);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Makes_cases_of_the_fold_s_own_training_cases_and_says_what_they_take_before()
    {
        Assert.Contains("Augment[fold=0]: after Convert, Split", _workspace.Expect(0, "--target=Augment", "--experiment=tiny", "--dryrun"), StringComparison.Ordinal);
        _workspace.Expect(0, "--target=Split", "--experiment=tiny");
        var planned = _workspace.Expect(0, "--target=Augment", "--experiment=tiny", "--dryrun");
        Assert.Matches(@"Augment\[fold=0\]: never ran; wrist: \d+ cases of \d+, 2 each, about [\d.]+ MB; four: .*; in all \d+ cases, about [\d.]+ MB", planned);
        Assert.False(Directory.Exists(_workspace.At(".osteon", "cache", "augment")) || Directory.Exists(_workspace.At(".osteon", "cache", "Augment")));

        Assert.Contains("Augment: 2 run, 0 restored, 0 up to date", _workspace.Expect(0, "--target=Augment", "--experiment=tiny"), StringComparison.Ordinal);
        Assert.Contains("Augment: 0 run, 0 restored, 2 up to date", _workspace.Expect(0, "--target=Augment", "--experiment=tiny"), StringComparison.Ordinal);

        var split = Split.Load(Output("Split", SplitFile));
        foreach (var fold in new[] { 0, 1 })
        {
            var (store, train) = (CaseStore.Open(Folder($"Augment[fold={fold}]")), split.Folds[fold].Train);
            var origins = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder($"Augment[fold={fold}]"), "provenance.json")))!.AsArray();
            Assert.Equal(store.Cases.Select(c => c.Id), origins.Select(o => (string)o!["id"]!));
            Assert.All(origins, o => Assert.Subset(train.ToHashSet(), o!["made_of"]!.AsArray().Select(f => (string)f!).ToHashSet()));
            Assert.All(origins, o => Assert.Equal(fold, (int)o!["fold"]!));
            Assert.All(origins.Where(o => (string)o!["made_by"]! == "four"), o => Assert.Contains("RICAPDraw", (string)o!["steps"]![0]!, StringComparison.Ordinal));
            var wrists = store.Cases.Where(c => c.Id.Contains(".wrist-", StringComparison.Ordinal)).ToArray();
            Assert.Equal(2 * train.Count, wrists.Length);
            Assert.All(wrists, w => Assert.Equal(48, Math.Max(w.Stored.Height, w.Stored.Width)));
            Assert.All(wrists, w => Assert.True(store.ReadTruth(w)[5].Area > 20));         // the Capitate, which is in the middle of it
        }

        Assert.Contains("Train: 2 run", _workspace.Expect(0, "--target=Train", "--experiment=tiny"), StringComparison.Ordinal);
        var preview = _workspace.Expect(0, "--target=Preview", "--experiment=tiny", $"--case={split.Folds[0].Train[0]}");
        var html = File.ReadAllText(_workspace.At(preview.Split('\n').Select(l => l.Trim()).Single(l => l.EndsWith(".html", StringComparison.Ordinal))));
        Assert.Contains("What the network sees", html, StringComparison.Ordinal);
        Assert.Contains("1 RandomBrightnessContrast BrightnessContrast { Contrast = ", html.Replace("&#x2B;", "+", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Refuses_what_makes_no_sense_with_its_place()
    {
        _workspace.Write("experiments/bad.yaml", TinyExperiment.Yaml(models: 1) + """

            augment:
              - {name: one, copies: 3, classes: [Capitate]}
              - {name: "a b", transforms: [HorizontalFlop: {}]}
            """);
        var refused = _workspace.Expect(2, "--target=Augment", "--experiment=bad");
        Assert.Contains("augment[0].copies is 3, but nothing is left to chance", refused, StringComparison.Ordinal);
        Assert.Contains("augment[1].name is 'a b'", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_preview_of_an_unknown_case_names_the_nearest()
    {
        var refused = _workspace.Expect(2, "--target=Preview", "--experiment=tiny", "--case=nobody");
        Assert.Contains("--case=nobody is unknown", refused, StringComparison.Ordinal);
    }

    private const string SplitFile = "split.json";

    private string Output(string unit, string file) => Path.Combine(Folder(unit), file);

    private string Folder(string unit)
    {
        var entry = JsonNode.Parse(File.ReadAllText(_workspace.At("experiments", "tiny.lock.json")))![unit]!;
        var key = (string)entry["key"]!;
        return Directory.GetDirectories(_workspace.At(".osteon", "cache"), key, SearchOption.AllDirectories).Single();
    }
}
