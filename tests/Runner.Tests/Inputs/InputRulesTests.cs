using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

/// <summary>A wrong input is told before anything runs.</summary>
public sealed class InputRulesTests : IDisposable
{
    private const string Classifier = "task: classification\nlabels: {metadata: {column: side, classes: [L, R]}}\n";

    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("input: {experiment: seg}", "input is what networks that classify are shown")]
    [InlineData(Classifier + "input: {as: channel}", "input.experiment is missing; expected the name of an experiment that segments")]
    [InlineData(Classifier + "input: {experiment: e}", "input.experiment is this experiment itself")]
    [InlineData(Classifier + "input: {experiment: seg, as: chanel}", "input.as is 'chanel'; nearest is 'channel'. Allowed: channel, crop.")]
    [InlineData(Classifier + "input: {experiment: seg, thresholds: []}", "input.thresholds has 0 probabilities; expected 1 to 16")]
    [InlineData(Classifier + "input: {experiment: seg, thresholds: [0.5, 0.3]}", "input.thresholds[1] is 0.3; expected probabilities in (0, 1), rising.")]
    [InlineData(Classifier + "input: {experiment: seg, thresholds: [1]}", "input.thresholds[0] is 1; expected probabilities in (0, 1)")]
    [InlineData(Classifier + "input: {experiment: seg, as: crop, thresholds: [0.3, 0.5]}", "input.thresholds has several probabilities, and a crop is around the masks of one.")]
    [InlineData(Classifier + "input: {experiment: seg, classes: [Ulna, Ulna]}", "input.classes[1] is 'Ulna'; expected classes of the experiment, each once.")]
    public void Tells_what_is_out_of_range(string text, string fault)
    {
        var told = Assert.Single(_folder.FaultsOf(text));
        Assert.Contains(fault, told, StringComparison.Ordinal);
        Assert.StartsWith("experiments/e.yaml(", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_what_does_not_go_with_the_other_experiment()
    {
        _folder.Write("seg.yaml", "extends: base.yaml\ndata: {classes: [Radius, Ulna]}\n");
        Assert.Empty(FaultsOf("input: {experiment: seg}"));
        Assert.Contains("names 'other', which classifies images", FaultsOf("input: {experiment: other}", ("other.yaml", "extends: base.yaml\n" + Classifier)), StringComparison.Ordinal);
        Assert.Contains("input.classes[1] is 'Uln'; did you mean 'Ulna'?".Split(';')[0], FaultsOf("input: {experiment: seg, classes: [Radius, Uln]}"), StringComparison.Ordinal);
        Assert.Contains("segment", FaultsOf("input: {experiment: segment}"), StringComparison.Ordinal);
        Assert.Contains("experiments/broken.yaml(2,", FaultsOf("input: {experiment: broken}", ("broken.yaml", "extends: base.yaml\ntrian: {}\n")), StringComparison.Ordinal);
        _folder.Write("seg.yaml", $"extends: base.yaml\ndata: {{classes: [{string.Join(", ", Enumerable.Range(0, 32).Select(k => $"c{k}"))}]}}\n");
        Assert.Contains("asks for 64 masks beside 2 classes of images; a pixel's word holds 64", FaultsOf("input: {experiment: seg, thresholds: [0.3, 0.5]}"), StringComparison.Ordinal);
    }

    private string FaultsOf(string input, params (string File, string Text)[] others)
    {
        foreach (var (file, text) in others)
        {
            _folder.Write(file, text);
        }

        _folder.Write("e.yaml", $"extends: base.yaml\n{Classifier}{input}\n");
        return string.Join('\n', InputExperiment.Faults(_folder.Load(), PluginCatalog.Load([], Path.Combine(_folder.Root, "copies")), _folder.Root));
    }
}
