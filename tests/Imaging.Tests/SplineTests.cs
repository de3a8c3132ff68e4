using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging.Tests;

/// <summary>nnU-Net's resampling: images by scikit-image's cubic splines, labels class by class, linearly.</summary>
public sealed class SplineTests
{
    private const double Rounding = 1e-6;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.Count)];

    private static List<Entry> Golden { get; } = Read();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_those_of_scikit_image(int n)
    {
        var golden = Golden[n];
        var found = Spline.Planes(golden.Values.Select(v => (double)v).ToArray(), golden.FromFrame, golden.ToFrame);
        Assert.All(golden.Spline.Zip(found), pair => Assert.Equal(pair.First, pair.Second, golden.Bytes == 1 ? Rounding : 256 * Rounding));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Images_are_rounded_to_their_levels(int n)
    {
        var golden = Golden[n];
        var image = new Image(golden.FromFrame, golden.Bytes);
        for (var i = 0; i < golden.Values.Count; i++)
        {
            Set(image, i, golden.Values[i]);
        }

        var found = Spline.Of(image, golden.ToFrame);
        Assert.All(Enumerable.Range(0, golden.Spline.Count), i => Assert.InRange(Get(found, i) - golden.Spline[i], -0.5 - Rounding, 0.5 + Rounding));
        Assert.Same(image, Spline.Of(image, image.Frame));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Labels_are_those_of_batchgenerators(int n)
    {
        var golden = Golden[n];
        Mask[] masks = [.. Enumerable.Range(0, 4).Select(k => Mask.FromDense([.. golden.Truth.Select(t => t == k ? (byte)1 : (byte)0)], golden.FromFrame))];
        var shared = ShareScaling.Of(masks, golden.ToFrame, exclusive: false);
        Assert.All(golden.Multilabel.Zip(shared), pair => Assert.Equal(pair.First, pair.Second.ToDense().Select(b => (int)b)));
        var labels = new int[golden.ToFrame.Area];
        foreach (var (mask, k) in ShareScaling.Of(masks, golden.ToFrame, exclusive: true).Select((mask, k) => (mask.ToDense(), k)))
        {
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] += mask[i] * k;
            }
        }

        Assert.Equal(golden.Multiclass, labels);
    }

    [Fact]
    public void What_is_black_all_around_is_found_and_cut_and_put_back()
    {
        var image = new Image(new Frame(5, 7), 2);
        image.Pixels<ushort>()[(1 * 7) + 3] = 256;                  // of which a byte is 0
        image.Pixels<ushort>()[(3 * 7) + 2] = 1;
        var box = Nonzero.Box(image);
        Assert.Equal(new Masks.Box(1, 2, new Frame(3, 2)), box);
        var cut = Nonzero.Cut(image, box!.Value);
        Assert.Equal([0, 256, 0, 0, 1, 0], cut.Pixels<ushort>().ToArray().Select(v => (int)v));
        Assert.Equal(image.Bytes.ToArray(), Nonzero.Place(cut, box.Value, image.Frame).Bytes.ToArray());
        Assert.Null(Nonzero.Box(cut));
        Assert.Null(Nonzero.Box(new Image(new Frame(3, 3))));
        Assert.Throws<ArgumentException>(() => Nonzero.Cut(cut, box.Value));
    }

    private static void Set(Image image, int i, int level)
    {
        if (image.BytesPerPixel == 1)
        {
            image.Bytes[i] = (byte)level;
        }
        else
        {
            image.Pixels<ushort>()[i] = (ushort)level;
        }
    }

    private static int Get(Image image, int i) => image.BytesPerPixel == 1 ? image.Bytes[i] : image.Pixels<ushort>()[i];

    private static List<Entry> Read()
    {
        using var stream = typeof(SplineTests).Assembly.GetManifestResourceStream("spline.json")!;
        return JsonSerializer.Deserialize<List<Entry>>(stream, JsonSerializerOptions.Web)!;
    }

    public sealed record Entry(
        [property: JsonPropertyName("from")] IReadOnlyList<int> From, IReadOnlyList<int> To, int Bytes, IReadOnlyList<int> Values, IReadOnlyList<double> Spline,
        IReadOnlyList<int> Truth, IReadOnlyList<int> Multiclass, IReadOnlyList<IReadOnlyList<int>> Multilabel)
    {
        public Frame FromFrame => new(From[0], From[1]);

        public Frame ToFrame => new(To[0], To[1]);
    }
}
