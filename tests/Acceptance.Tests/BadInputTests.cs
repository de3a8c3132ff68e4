namespace Osteon.Acceptance.Tests;

/// <summary>Every fault is named at once, with its place, and costs exit code 2 and no stack trace.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void Names_every_fault_of_an_experiment_with_line_and_column()
    {
        using var workspace = TinyExperiment.Open();
        workspace.Write("experiments/wrong.yaml", """
            data:
              format: hand-bon
              synthesize: {hand-bone: {patients: 4}}
            models:
              unet: {architecture: Unet, encoder: resnet81}
            train:
              epocs: 3
              batch_size: 0
            """);
        var output = workspace.Expect(2, "--target=Report", "--experiment=wrong");
        Assert.Contains("experiments/wrong.yaml(7,3)", output, StringComparison.Ordinal);
        Assert.Contains("'epochs'", output, StringComparison.Ordinal);
        Assert.Contains("experiments/wrong.yaml(8,15)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Builds_every_network_before_anything_runs()
    {
        using var workspace = TinyExperiment.Open();
        var output = workspace.Expect(2, "--target=Report", "--experiment=tiny", "--set", "models.last={architecture: Unet}");
        Assert.Contains("models.last: ", output, StringComparison.Ordinal);
        Assert.Contains("needs an encoder", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")), "nothing ran");
    }

    [Fact]
    public void Goes_on_with_other_units_when_asked_to()
    {
        using var workspace = TinyExperiment.Open();
        var output = workspace.Expect(2, "--target=Train", "--experiment=tiny", "--keep-going", "--set", "models.plain.architecture={PlainUnet: {width: 4, depth: 2}}",
            "--set", "train.optimizer.AdamW.lr=1e30", "--set", "models.unet=null");
        Assert.Contains("Train[model=plain,fold=0]: The training loss became", output, StringComparison.Ordinal);
        Assert.Contains("Train[model=plain,fold=1]: The training loss became", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_unknown_plugins_with_the_nearest()
    {
        using var workspace = TinyExperiment.Open(encoder: "resnet81");
        var output = workspace.Expect(2, "--target=Report", "--experiment=tiny");
        Assert.Contains("resnet81", output, StringComparison.Ordinal);
        Assert.Contains("nearest is 'resnet18'", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache")), "nothing ran");
    }

    [Fact]
    public void Lists_damaged_files_together_and_stops_before_training()
    {
        using var workspace = TinyExperiment.Open();
        workspace.Expect(0, "--target=Synthesize", "--experiment=tiny", "--output=raw");
        var image = Directory.GetFiles(workspace.At("raw", "train", "DCM"), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var label = Directory.GetFiles(workspace.At("raw", "train", "outputs_json"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        File.WriteAllBytes(image, File.ReadAllBytes(image)[..^400]);
        File.WriteAllText(label, "{ \"annotations\": [");
        workspace.Write("experiments/raw.yaml", TinyExperiment.OnFolder("raw"));

        var output = workspace.Expect(2, "--target=Report", "--experiment=raw");

        Assert.Contains($"{Path.GetFileName(image)}: unreadable-image:", output, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetFileName(label)}: unreadable-label:", output, StringComparison.Ordinal);
        Assert.Contains("2 red findings", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.At(".osteon", "cache", "Train")), "nothing was trained");
    }

    [Fact]
    public void Refuses_a_data_folder_that_is_not_there()
    {
        using var workspace = TinyExperiment.Open();
        workspace.Write("experiments/nowhere.yaml", TinyExperiment.OnFolder("nowhere"));
        Assert.Contains("nowhere", workspace.Expect(2, "--target=Convert", "--experiment=nowhere"), StringComparison.Ordinal);
    }
}
