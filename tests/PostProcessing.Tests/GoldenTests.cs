using System.Security.Cryptography;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Testing;

namespace Osteon.PostProcessing.Tests;

/// <summary>Post-processors beside what make_postprocessing.py made with OpenCV, to the pixel.</summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    private static readonly JsonObject Document = JsonNode.Parse(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tests", "PostProcessing.Tests", "Golden", "postprocessing.json")))!.AsObject();

    private static readonly Frame Frame = new((int)Document["height"]!, (int)Document["width"]!);

    public static TheoryData<string> Masks() => [.. Document["masks"]!.AsObject().Select(m => m.Key)];

    [Theory]
    [MemberData(nameof(Masks))]
    public void Components_are_OpenCV_s_in_its_order(string name)
    {
        foreach (var row in Rows(name).Where(r => (string)r["step"]! == "components"))
        {
            Assert.Equal(row["areas"].Deserialize<long[]>()!, Components.Of(MaskOf(name), (Connectivity)(int)row["options"]!["connectivity"]!).Areas);
        }
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Pixels_are_OpenCV_s(string name)
    {
        var rows = Rows(name).Where(r => (string)r["step"]! != "components").ToArray();
        Assert.Equal(36, rows.Length);
        Assert.All(rows, row =>
        {
            var made = Assert.Single(Make((string)row["step"]!, row["options"]!.AsObject()).Process([MaskOf(name)]));
            Assert.Equal((string)row["made"]!, Digest(made.ToDense()));
        });
    }

    [Fact]
    public void Watershed_regions_of_a_grey_image_are_OpenCV_s()
    {
        var grey = Convert.FromBase64String((string)Document["grey"]!);
        Assert.All(Document["greys"]!.AsArray(), row => Assert.Equal(
            (string)row!["markers"]!, Digest(MemoryMarshal.AsBytes<int>(Watershed.Regions(grey, Frame, row.Deserialize<WatershedSettings>(Snake)!)))));
    }

    // What lies around a mask changes none of its pixels, so that it may be done in the mask's own box.
    [Theory]
    [MemberData(nameof(Masks))]
    public void A_mask_far_from_the_edges_of_a_larger_image_is_changed_as_on_the_whole_image(string name)
    {
        var (large, small) = (new Frame(400, 500), MaskOf(name).ToDense());
        var dense = new byte[large.Area];
        for (var row = 0; row < Frame.Height; row++)
        {
            small.AsSpan(row * Frame.Width, Frame.Width).CopyTo(dense.AsSpan(((row + 150) * large.Width) + 200));
        }

        var settings = new WatershedSettings();
        var whole = new byte[large.Area];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = (byte)(dense[i] * 255);
        }

        var regions = Watershed.Regions(whole, large, settings);
        Assert.Equal(Mask.FromDense([.. regions.Select(r => (byte)(r > 1 ? 1 : 0))], large), Watershed.Part(Mask.FromDense(dense, large), settings));
    }

    [Fact]
    public void Components_of_all_classes_together_keep_what_hangs_together_by_others()
    {
        // Class 0 has two pieces, which class 1 joins; a third piece of class 0 is alone.
        Mask[] masks = [new(Frame, [new Run(10, 3), new Run(16, 3), new Run(500, 4)]), new(Frame, [new Run(13, 3)])];
        var together = Make("LargestComponent", new JsonObject { ["together"] = true }).Process(masks);
        Assert.Equal([new Mask(Frame, [new Run(10, 3), new Run(16, 3)]), masks[1]], together);
        Assert.Equal(new Mask(Frame, [new Run(500, 4)]), Make("LargestComponent", []).Process(masks)[0]);
    }

    [Theory]
    [InlineData("LargestComponent", "connectivity", 6, "connectivity '6' is unknown. Allowed: 4, 8.")]
    [InlineData("Watershed", "distance", 4, "distance '4' is unknown. Allowed: 0, 3, 5.")]
    [InlineData("Opening", "size", 0, "size 0 is outside [1, 255].")]
    public void Wrong_options_are_refused_by_name(string step, string option, int value, string what) =>
        Assert.Contains(what, Assert.Throws<ConfigurationException>(() => Make(step, new JsonObject { [option] = value })).Message, StringComparison.Ordinal);

    internal static PostProcessor Make(string step, JsonObject written)
    {
        var constructor = EveryPostProcessorTests.All[step].GetConstructors()[0];
        var options = Activator.CreateInstance(constructor.GetParameters()[0].ParameterType)!;
        foreach (var (key, value) in written)
        {
            var property = OptionSamples.Properties(options.GetType()).Single(p => OptionRules.NameOf(p) == key);
            options = OptionSamples.With(options, property, value.Deserialize(property.PropertyType, Snake));
        }

        return (PostProcessor)constructor.Invoke(System.Reflection.BindingFlags.DoNotWrapExceptions, null, [options], null);
    }

    private static IEnumerable<JsonObject> Rows(string mask) => Document["rows"]!.AsArray().Select(r => r!.AsObject()).Where(r => (string)r["mask"]! == mask);

    private static Mask MaskOf(string name) => new(Frame, [.. Document["masks"]![name]!.AsArray().Select(r => new Run((int)r![0]!, (int)r[1]!))]);

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
