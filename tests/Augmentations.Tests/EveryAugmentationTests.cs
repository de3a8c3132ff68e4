using System.Reflection;
using Osteon.Abstractions;
using Osteon.Testing;

namespace Osteon.Augmentations.Tests;

/// <summary>Every augmentation of every DLL that is built from plugins/, found as the program finds them, held to what holds of all.</summary>
public sealed class EveryAugmentationTests
{
    private static readonly Dictionary<string, Type> Found = Directory.GetFiles(AppContext.BaseDirectory, "Augmentations.*.dll")
        .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
        .SelectMany(type => type.GetCustomAttributes<AugmentationAttribute>().Select(name => (name.Name, type)))
        .ToDictionary(found => found.Name, found => found.type);

    public static IReadOnlyDictionary<string, Type> All => Found;

    public static TheoryData<string> Names() => [.. Found.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_plugin_folder_is_among_them()
    {
        var folders = Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "plugins"), "Augmentations.*").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(folders, Found.Values.Select(t => t.Assembly.GetName().Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_stream_gives_the_same_bytes(string name) => AugmentationChecks.TheSameStreamGivesTheSameBytes(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_log_replays_to_the_same_bytes(string name) => AugmentationChecks.ALogReplaysToTheSameBytes(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Frame_depth_and_classes_are_preserved(string name) => AugmentationChecks.FrameDepthAndClassesArePreserved(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mask_as_image_moves_as_the_mask(string name) => AugmentationChecks.AMaskAsImageMovesAsTheMask(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_class_moves_as_it_would_alone(string name) => AugmentationChecks.AClassMovesAsItWouldAlone(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_range_is_stated_and_kept(string name) => AugmentationChecks.EveryRangeIsStatedAndKept(Found[name]);
}
