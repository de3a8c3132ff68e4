using Osteon.Abstractions;
using Osteon.Runner.Configuration;

namespace Osteon.Runner.Tests;

/// <summary>Images of several sizes in one experiment: who shares what, and what enters keys.</summary>
public sealed class StoredSizesTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();

    public StoredSizesTests()
    {
        foreach (var plugin in (string[])["Architectures.TorchScript.dll", "Formats.HandBone.dll", "Losses.Segmentation.dll", "Augmentations.Basic.dll"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins"));
            File.Copy(Path.Combine(AppContext.BaseDirectory, plugin), Path.Combine(_folder.Root, "plugins", plugin));
        }

        Directory.CreateDirectory(Path.Combine(_folder.Root, "data/train/DCM/ID001"));
        File.WriteAllText(Path.Combine(_folder.Root, "data/train/DCM/ID001/a.png"), "x");
        File.WriteAllText(Path.Combine(_folder.Root, "a.pt"), "x");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_of_one_size_share_a_store_and_those_without_one_take_convert_size()
    {
        using var session = Open("convert: {size: 1024}", ("a", ""), ("b", ", size: 1536"), ("c", ", size: 512"), ("d", ", size: 1536"), ("e", ", size: 1024"));
        Assert.Equal(["Convert", "Convert[size=512]", "Convert[size=1536]"], Ids(new ConvertStage(), session));
        Assert.Equal([1024, 512, 1536], new ConvertStage().Units(session).Select(u => (int)u.Config["size"]!));
        Assert.Equal([1024, 1536, 512, 1536, 1024], session.Plan.Models.Keys.Select(m => StoredSizes.Of(session.Plan, m)));
    }

    [Fact]
    public void A_store_is_the_one_that_another_experiment_calls_its_only_one()
    {
        using var several = Open("convert: {size: 64}", ("a", ""), ("b", ", size: 96"));
        using var one = Open("convert: {size: 96}", ("b", ""));
        Assert.Equal(Key(one, "Convert"), Key(several, "Convert[size=96]"));
        Assert.NotEqual(Key(one, "Convert"), Key(several, "Convert"));
    }

    [Theory]
    [InlineData("convert: {size: 64}", ", size: 96", "Convert[size=96]")]
    [InlineData("convert: {size: 96}", "", "Convert")]
    [InlineData("convert: {size: 96}", ", size: 96", "Convert")]
    public void Training_knows_its_cases_by_what_they_hold_wherever_the_size_is_written(string convert, string size, string unit)
    {
        using var session = Open(convert, ("b", size));
        Made(session, ("Convert", "base"), ("Split", "split"), (unit, "large"));
        var train = Assert.Single(new TrainStage().Units(session));
        Assert.Equal("large", train.Inputs["Convert"]);
        Assert.Equal(["Convert", "Split", "architecture.file"], train.Inputs.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("""{"architecture":"TorchScript"}""", CanonicalJson.Text(train.Config["model"]));
        Made(session, ("Train[model=b,fold=0]", "weights"));
        var predicted = Assert.Single(new ValidateStage().Units(session));
        Assert.Equal("large", predicted.Inputs["Convert"]);
    }

    [Fact]
    public void Extra_cases_are_made_of_the_cases_that_a_model_sees()
    {
        using var session = Open("convert: {size: 64}\naugment: [{name: turned, transforms: [HorizontalFlip]}]", ("a", ""), ("b", ", size: 96"));
        Made(session, ("Convert", "small"), ("Convert[size=96]", "large"), ("Split", "split"));
        Assert.Equal(["Augment[fold=0]", "Augment[size=96,fold=0]"], Ids(new AugmentStage(), session));
        Assert.Equal(["small", "large"], new AugmentStage().Units(session).Select(u => u.Inputs["Convert"]));
        Made(session, ("Augment[fold=0]", "few"), ("Augment[size=96,fold=0]", "many"));
        Assert.Equal(["few", "many"], new TrainStage().Units(session).Select(u => u.Inputs["Augment[fold=0]"]));
    }

    [Theory]
    [InlineData("", ", size: 5", "models.a.size is 5; expected 0 (the original) or 8 to 16384 pixels; nearest is 8.")]
    [InlineData("convert: {spacing: [0.1, 0.1]}", ", size: 64", "models.a.size and convert.spacing are both given, which says how large images are. Keep one.")]
    [InlineData("convert: {size: 256}\ntrain: {crop: 128}", ", size: 64", "models.a.size is 64, and train.crop 128, which does not fit into it.")]
    public void Sizes_that_cannot_be_are_refused(string rest, string size, string told) =>
        Assert.Contains(told, Assert.Throws<ConfigurationException>(() => Open(rest, ("a", size))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_crop_need_not_fit_into_a_size_that_no_model_sees()
    {
        using var session = Open("convert: {size: 64}\ntrain: {crop: 128}", ("a", ", size: 256"));
        Assert.Equal(256, StoredSizes.Of(session.Plan, "a"));
    }

    private static IEnumerable<string> Ids(Stage stage, ExperimentSession session) => stage.Units(session).Select(u => u.Id);

    private static string Key(ExperimentSession session, string unit) => Unit.KeyOf(new ConvertStage().Units(session).Single(u => u.Id == unit).Facts(1));

    private static void Made(ExperimentSession session, params (string Unit, string Hash)[] units)
    {
        foreach (var (unit, hash) in units)
        {
            session.Publish(unit, new UnitResult(hash, string.Empty, new Dictionary<string, double>()));
        }
    }

    private ExperimentSession Open(string rest, params (string Name, string Size)[] models)
    {
        _folder.Write("e.yaml", $$$"""
            data: {format: hand-bone, source: {root: data}}
            split: {folds: 1}
            models:
            {{{string.Join('\n', models.Select(m => $"  {m.Name}: {{architecture: {{TorchScript: {{file: a.pt}}}}{m.Size}}}"))}}}
            {{{rest}}}
            """);
        return ExperimentSession.Open(new SessionOptions { Experiment = "e", Root = _folder.Root }, new NetworkFilesTests.Silence(), TimeProvider.System);
    }
}
