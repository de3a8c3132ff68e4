using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

public sealed class EnvironmentValueTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train: {epochs: \"${env:EPOCHS}\"}", 7)]
    [InlineData("train:\n  epochs: ${env:EPOCHS}", 7)]
    [InlineData("train:\n  epochs: ${env:UNSET:-9}", 9)]
    [InlineData("train:\n  epochs: ${env:EMPTY:-9}", 9)]
    [InlineData("train:\n  epochs: ${env:TENS:-1}${env:EPOCHS}", 17)]
    public void Numbers_are_read_from_the_environment(string text, int epochs) => Assert.Equal(epochs, Load(text).Plan.Train.Epochs);

    [Fact]
    public void Text_is_put_together_and_knows_its_variable()
    {
        var loaded = Load("data:\n  source:\n    root: ${env:DATA}/hands");
        Assert.Equal("/mnt/x-rays/hands", loaded.Plan.Data.Source.Root);
        Assert.Equal("experiments/e.yaml(4,11) from the environment: DATA", loaded.OriginOf("data.source.root"));
    }

    [Fact]
    public void A_doubled_dollar_stays_as_text() => Assert.Equal("costs ${env:EPOCHS}", Load("description: costs $${env:EPOCHS}").Plan.Description);

    [Fact]
    public void A_preset_may_be_named_by_a_variable()
    {
        _folder.Write("presets/big.yaml", "seed: 77");
        _folder.Write("e.yaml", "extends: [base.yaml, 'presets/${env:SIZE:-big}.yaml']");
        Assert.Equal(77, ExperimentFile.Load("e", [], _folder.Root, Read).Plan.Seed);
    }

    [Theory]
    [InlineData("description: ${env:UNSET}", "experiments/e.yaml(2,14): the environment variable UNSET is not set. Set it, or give a default: ${env:UNSET:-value}.")]
    [InlineData("description: ${env:}", "experiments/e.yaml(2,14): '${env:}' asks for no environment variable")]
    [InlineData("description: ${env:MLFLOW_TRACKING_TOKEN}", "experiments/e.yaml(2,14): MLFLOW_TRACKING_TOKEN looks like a secret.")]
    [InlineData("description: ${env:DB_PASSWORD:-x}", "experiments/e.yaml(2,14): DB_PASSWORD looks like a secret.")]
    [InlineData("description: ${env:URL}", "experiments/e.yaml(2,14): the environment variable URL holds a URL with a password")]
    [InlineData("description: ${env:LINES}", "experiments/e.yaml(2,14): the environment variable LINES has 3 characters or control characters among them")]
    [InlineData("train:\n  epochs: ${env:DATA}", "experiments/e.yaml(3,11): train.epochs is /mnt/x-rays; expected a whole number")]
    public void Says_what_is_wrong_with_a_variable(string text, string fault)
    {
        _folder.Write("e.yaml", "extends: base.yaml\n" + text);
        var faults = Assert.ThrowsAny<ConfigurationException>(() => ExperimentFile.Load("e", [], _folder.Root, Read)).Faults;
        Assert.StartsWith(fault, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_are_in_no_message() =>
        Assert.DoesNotContain("hunter2", string.Join('\n', Assert.ThrowsAny<ConfigurationException>(() => Load("description: ${env:URL} ${env:DB_PASSWORD}")).Faults), StringComparison.Ordinal);

    private LoadedPlan Load(string text)
    {
        _folder.Write("e.yaml", "extends: base.yaml\n" + text);
        return ExperimentFile.Load("e", [], _folder.Root, Read);
    }

    private static string? Read(string name) => name switch
    {
        "EPOCHS" => "7",
        "TENS" => "1",
        "EMPTY" => "",
        "DATA" => "/mnt/x-rays",
        "URL" => "https://me:hunter2@example.org/data",
        "DB_PASSWORD" => "hunter2",
        "LINES" => "a\nb",
        _ => null,
    };
}
