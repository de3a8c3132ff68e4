using System.Reflection;
using Osteon.Abstractions;
using Osteon.Testing;

namespace Osteon.PostProcessing.Tests;

/// <summary>Every post-processor of every DLL that is built from plugins/, found as the program finds them, held to what holds of all.</summary>
public sealed class EveryPostProcessorTests
{
    private static readonly Dictionary<string, Type> Found = Directory.GetFiles(AppContext.BaseDirectory, "PostProcessing.*.dll")
        .SelectMany(file => Assembly.LoadFrom(file).GetTypes())
        .SelectMany(type => type.GetCustomAttributes<PostProcessorAttribute>().Select(name => (name.Name, type)))
        .ToDictionary(found => found.Name, found => found.type);

    public static IReadOnlyDictionary<string, Type> All => Found;

    public static TheoryData<string> Names() => [.. Found.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_plugin_folder_is_among_them()
    {
        var folders = Directory.GetDirectories(Path.Combine(SharedData.RepositoryRoot, "plugins"), "PostProcessing.*").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(folders, Found.Values.Select(t => t.Assembly.GetName().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["Closing", "FillHoles", "LargestComponent", "Opening", "RemoveSmallObjects", "Watershed"], Found.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Masks_keep_their_frame(string name) => PostProcessorChecks.MasksKeepTheirFrame(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Empty_masks_stay_empty(string name) => PostProcessorChecks.EmptyMasksStayEmpty(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Classes_are_changed_by_themselves(string name) => PostProcessorChecks.ClassesAreChangedByThemselves(Found[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_range_is_stated_and_kept(string name) => PostProcessorChecks.EveryRangeIsStatedAndKept(Found[name]);
}
