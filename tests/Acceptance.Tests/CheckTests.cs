using System.Text.Json.Nodes;

namespace Osteon.Acceptance.Tests;

/// <summary>A data set with one fault of each kind: Check names them all, and only them.</summary>
public sealed class CheckTests : IDisposable
{
    private readonly Workspace _workspace = TinyExperiment.Open();
    private readonly string[] _labels;

    public CheckTests()
    {
        _workspace.Expect(0, "--target=Synthesize", "--experiment=tiny", "--output=raw");
        _workspace.Write("experiments/raw.yaml", TinyExperiment.OnFolder("raw"));
        _labels = [.. Directory.GetFiles(_workspace.At("raw", "train", "outputs_json"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void Is_silent_about_clean_data()
    {
        var output = _workspace.Expect(0, "--target=Check", "--experiment=raw");
        Assert.DoesNotContain("finding", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_every_fault_of_every_file_at_once()
    {
        Edit(_labels[0], annotations => annotations[0]!["points"]![0]![0] = 500);
        Edit(_labels[1], annotations => annotations.Clear());
        Edit(_labels[2], annotations => annotations[0]!["label"] = "finger-99");
        var images = Directory.GetFiles(_workspace.At("raw", "train", "DCM"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        File.Copy(images[^1], images[^2], overwrite: true);

        var output = _workspace.Expect(2, "--target=Check", "--experiment=raw");

        Assert.Contains($"{Path.GetFileName(_labels[0])}: polygon-outside-frame: ", output, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetFileName(_labels[1])}: empty-label: ", output, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetFileName(_labels[2])}: unreadable-label: ", output, StringComparison.Ordinal);
        Assert.Contains("'finger-99'", output, StringComparison.Ordinal);
        Assert.Contains(": same-image: ", output, StringComparison.Ordinal);
        Assert.Contains("2 red findings in the data (1 polygon-outside-frame, 1 unreadable-label)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_class_that_no_label_has()
    {
        foreach (var label in _labels.Concat(Directory.GetFiles(_workspace.At("raw", "test", "outputs_json"), "*.json", SearchOption.AllDirectories)))
        {
            Edit(label, annotations =>
            {
                foreach (var ulna in annotations.Where(a => (string?)a!["label"] == "Ulna").ToArray())
                {
                    annotations.Remove(ulna);
                }
            });
        }

        Assert.Contains("class-never-seen: class 'Ulna'", _workspace.Expect(2, "--target=Check", "--experiment=raw"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_two_patients_images_of_one_name()
    {
        var image = Directory.GetFiles(_workspace.At("raw", "train", "DCM"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var other = Directory.GetDirectories(_workspace.At("raw", "train", "DCM")).Order(StringComparer.Ordinal).Last();
        File.Copy(image, Path.Combine(other, Path.GetFileName(image)));
        Assert.Contains("duplicate-id: ", _workspace.Expect(2, "--target=Check", "--experiment=raw"), StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_in_spite_of_a_check_that_is_ignored()
    {
        Edit(_labels[0], annotations => annotations[0]!["points"]![0]![0] = 500);
        _workspace.Expect(2, "--target=Check", "--experiment=raw");
        var name = Path.GetFileNameWithoutExtension(_labels[0]);
        var output = _workspace.Expect(0, "--target=Check", "--experiment=raw",
            "--set", $"check.ignore=[{{rule: polygon-outside-frame, case: {name}, reason: seen by two}}, {{rule: near-duplicate, reason: phantoms}}]");
        Assert.Contains("polygon-outside-frame: ", output, StringComparison.Ordinal);
        Assert.Contains("Accepted: seen by two", output, StringComparison.Ordinal);
        Assert.Contains("check.ignore[1] (near-duplicate) accepts no finding any more", output, StringComparison.Ordinal);
        Assert.Contains("seen by two", File.ReadAllText(_workspace.At("runs", "raw", "check.html")), StringComparison.Ordinal);
        Assert.Contains("seen by two", File.ReadAllText(_workspace.At("runs", "raw", "check.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_to_ignore_what_does_not_exist()
    {
        Assert.Contains("check.ignore[0].rule is 'near-duplicat'; nearest is 'near-duplicate'",
            _workspace.Expect(2, "--target=Check", "--experiment=raw", "--set", "check.ignore=[{rule: near-duplicat, reason: so}]"), StringComparison.Ordinal);
        Assert.Contains("check.ignore[0].case 'nobody' is no case",
            _workspace.Expect(2, "--target=Check", "--experiment=raw", "--set", "check.ignore=[{rule: near-duplicate, case: nobody, reason: so}]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Explore_shows_data_that_Check_refuses()
    {
        Edit(_labels[0], annotations => annotations[0]!["points"]![0]![0] = 500);
        Assert.Contains("runs/raw/explore.html", _workspace.Expect(0, "--target=Explore", "--experiment=raw"), StringComparison.Ordinal);
        Assert.Contains("polygon-outside-frame", File.ReadAllText(_workspace.At("runs", "raw", "explore.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_of_one_experiment_serves_another()
    {
        _workspace.Expect(0, "--target=Split", "--experiment=raw", "--set", "split.stratify=[classes, sex, age]");
        File.Copy(_workspace.At("runs", "raw", "split.json"), _workspace.At("mine.json"));
        var output = _workspace.Expect(0, "--target=Split", "--experiment=raw", "--set", "split.file=mine.json", "--set", "seed=99");
        Assert.Contains("proved: no case twice, no patient on two sides, no picture on two sides", output, StringComparison.Ordinal);
        Assert.Equal(Folds("mine.json"), Folds("runs/raw/split.json"));
        Assert.Contains("split.folds is 3", _workspace.Expect(2, "--target=Split", "--experiment=raw", "--set", "split.file=mine.json", "--set", "split.folds=3"), StringComparison.Ordinal);

        string Folds(string path) => JsonNode.Parse(File.ReadAllText(_workspace.At(path)))!["folds"]!.ToJsonString();
    }

    public void Dispose() => _workspace.Dispose();

    private static void Edit(string label, Action<JsonArray> edit)
    {
        var json = JsonNode.Parse(File.ReadAllText(label))!;
        edit(json["annotations"]!.AsArray());
        File.WriteAllText(label, json.ToJsonString());
    }
}
