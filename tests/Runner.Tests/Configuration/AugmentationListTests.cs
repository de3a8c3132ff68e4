using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;

namespace Osteon.Runner.Tests;

/// <summary>What holds of a list of augmentations as a whole: where Normalize and ToFloat may stand, and whose defaults are meant.</summary>
public sealed class AugmentationListTests : IDisposable
{
    private readonly ExperimentFolder _folder = new();
    private readonly PluginCatalog _plugins;

    public AugmentationListTests()
    {
        var plugins = Directory.CreateDirectory(Path.Combine(_folder.Root, "plugins")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "Augmentations.*.dll"))
        {
            File.Copy(file, Path.Combine(plugins, Path.GetFileName(file)));
        }

        _plugins = PluginCatalog.Load([plugins], Path.Combine(_folder.Root, "shadow"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[HorizontalFlip: {}]", null)]
    [InlineData("[HorizontalFlip, Normalize]", "FixedOptions")]
    [InlineData("[Normalize: {normalization: image}]", "ZScoreOptions")]
    [InlineData("[CLAHE, Normalize: {mean: 0.5, std: 0.25, max_pixel_value: null}]", "FixedOptions")]
    [InlineData("[Normalize: {normalization: percentile, percentiles: [1, 99]}]", "PercentileOptions")]
    [InlineData("[Blur, ToFloat: {max_value: 4095}, Normalize: {max_pixel_value: 1}]", "FixedOptions")]
    public void Its_end_says_what_networks_are_fed_with(string list, string? kind)
    {
        var loaded = Load(list);
        Assert.Empty(ListedNormalization.Faults(loaded, _plugins));
        Assert.Equal(kind, ListedNormalization.Of(loaded.Plan, _plugins)?.GetType().Name);
    }

    [Theory]
    [InlineData("[Normalize, HorizontalFlip, Blur]", 19, "train.augment[0] is Normalize, which makes what the network is fed with; Blur comes after it and changes grey levels. Move Normalize to the end of the list.")]
    [InlineData("[Blur, OneOf: {transforms: [Blur, Normalize]}]", 25, "train.augment[1].OneOf holds Normalize, but a network is fed in one way. Write it as the last line of train.augment.")]
    [InlineData("[Normalize, Normalize]", 30, "train.augment[1].Normalize follows on another Normalize. Keep one.")]
    [InlineData("[ToFloat, Normalize]", 28, "max_pixel_value is 255, but ToFloat before it leaves levels of 0 to 1. Write max_pixel_value: 1, or leave ToFloat out.")]
    public void One_that_cannot_stand_there_is_told_with_its_place(string list, int column, string what)
    {
        var fault = Assert.Single(ListedNormalization.Faults(Load(list), _plugins));
        Assert.Contains($"(2,{column})", fault, StringComparison.Ordinal);
        Assert.Contains(what, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Said_twice_it_is_refused_and_for_stored_cases_too()
    {
        var faults = ListedNormalization.Faults(
            Load("[Normalize]", "models: {unet-r18: {normalize: ZScore}}", "augment: [{name: a, transforms: [Blur, ToFloat]}, {name: b, transforms: [Sequential: {transforms: [Normalize]}]}]"), _plugins);
        Assert.Collection(faults,
            f => Assert.Contains("models.unet-r18.normalize is given, and train.augment ends with Normalize, which says the same for every network. Keep one of the two.", f, StringComparison.Ordinal),
            f => Assert.Contains("augment[0].transforms[1] is ToFloat, but extra cases are stored as grey levels.", f, StringComparison.Ordinal),
            f => Assert.Contains("augment[1].transforms[0].Sequential holds Normalize, but extra cases are stored as grey levels.", f, StringComparison.Ordinal));
    }

    [Fact]
    public void Compat_of_a_list_reaches_every_transform_that_has_other_defaults_and_does_not_say_its_own()
    {
        var plan = AugmentationDefaults.HandedDown(
            Load("[HorizontalFlip, Rotate: {limit: 15}, GaussNoise: {compat: 2.x}, OneOf: {transforms: [GaussianBlur, HorizontalFlip, Sequential: {transforms: [Affine: {shear: 5}]}]}]",
                "augment: [{name: a, compat: 1.x, transforms: [Rotate]}, {name: b, transforms: [Rotate]}]", compat: "1.x").Plan, _plugins);
        Assert.Equal(
            """["HorizontalFlip",{"Rotate":{"compat":"1.x","limit":15}},{"GaussNoise":{"compat":"2.x"}},{"OneOf":{"transforms":[{"GaussianBlur":{"compat":"1.x"}},"HorizontalFlip",{"Sequential":{"transforms":[{"Affine":{"compat":"1.x","shear":5}}]}}]}}]""",
            CanonicalJson.Text(PlanSlices.Json(plan.Train)["augment"]));
        Assert.Equal("""["Rotate"]""", CanonicalJson.Text(PlanSlices.Json(plan.Augment[1])["transforms"]));
        Assert.Equal("1.x", (string?)plan.Augment[0].Transforms[0].Options["compat"]);
        foreach (var choice in plan.Train.Augment)
        {
            Assert.NotNull(_plugins.Create<Augmentation>(choice));
        }
    }

    [Fact]
    public void A_version_that_there_is_not_is_refused() =>
        Assert.Contains("train.augment_compat is '3.x'; expected a version of Albumentations", Assert.Single(_folder.FaultsOf("train: {augment_compat: 3.x}")), StringComparison.Ordinal);

    private LoadedPlan Load(string list, string more = "", string more2 = "", string? compat = null)
    {
        _folder.Write("e.yaml", $"extends: base.yaml\ntrain: {{augment: {list}{(compat is null ? "" : $", augment_compat: {compat}")}}}\n{more}\n{more2}\n");
        return _folder.Load();
    }
}
