using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Xunit;

namespace Osteon.Testing;

/// <summary>
/// What holds of every augmentation, whatever it does. <see cref="AugmentationContract{T}"/> runs these checks on one that a plugin's author
/// names; a program that knows no plugin finds their classes and runs them too.
/// </summary>
public static class AugmentationChecks
{
    private static readonly Frame Grid = new(37, 53);

    /// <summary>Kinds of samples that augmentations must take: bits a pixel, bits a label word.</summary>
    public static IReadOnlyList<(int Image, int Word)> Kinds { get; } = [(8, 8), (16, 16), (8, 32), (16, 64)];

    /// <summary>An augmentation that is always applied, with its options' defaults.</summary>
    /// <param name="type">A class with one constructor that takes nothing, or one options record.</param>
    /// <param name="change">Changes the options record, or null.</param>
    public static Augmentation Make(Type type, Func<object, object>? change = null)
    {
        var constructor = Assert.Single(type.GetConstructors());
        if (constructor.GetParameters() is not [var parameter])
        {
            return (Augmentation)constructor.Invoke([]);
        }

        var options = Always(OptionSamples.Default(parameter.ParameterType, Nothing));
        return Construct(constructor, change is null ? options : change(options)).For(Classes(64));
    }

    /// <summary>The same stream gives the same draws and the same bytes, and the input stays as it was.</summary>
    public static void TheSameStreamGivesTheSameBytes(Type type)
    {
        var augmentation = Make(type);
        foreach (var (image, word) in Kinds)
        {
            for (var seed = 0; seed < 4; seed++)
            {
                var sample = Sample(image, word);
                var (first, second) = (Run(augmentation, sample, seed), Run(augmentation, Sample(image, word), seed));
                Equal(first, second);
                Equal(Sample(image, word), sample);
            }
        }
    }

    /// <summary>A log replays to the same bytes, after its draws went through JSON too.</summary>
    public static void ALogReplaysToTheSameBytes(Type type)
    {
        var pipeline = new AugmentationPipeline([Make(type)]);
        foreach (var (image, word) in Kinds)
        {
            List<AugmentationStep> log = [];
            var once = pipeline.Run(Sample(image, word), RandomStream.For(7, "log"), new Workspace(), Others(image, word), log);
            Equal(once, pipeline.Replay(Sample(image, word), log, new Workspace(), Others(image, word)));
            var read = log.Select(step => step with
            {
                Draw = JsonSerializer.Deserialize(JsonSerializer.Serialize(step.Draw, pipeline.At(step.Place).DrawType), pipeline.At(step.Place).DrawType)!,
            }).ToArray();
            Equal(once, pipeline.Replay(Sample(image, word), read, new Workspace(), Others(image, word)));
            Assert.Equal(log.Select(s => s.Draw), read.Select(s => s.Draw));
        }
    }

    /// <summary>Image and labels come out in one frame, with the depth and the classes they came with, and no bit of a class that is not there.</summary>
    public static void FrameDepthAndClassesArePreserved(Type type)
    {
        var augmentation = Make(type);
        foreach (var (image, classes) in new[] { (8, 3), (16, 11), (8, 29), (16, 41) })
        {
            var sample = new Sample(Sample(image, 8).Image, Sparse(classes));
            for (var seed = 0; seed < 4; seed++)
            {
                var changed = Run(augmentation, sample, seed);
                Assert.Equal(changed.Image.Frame, changed.Labels.Frame);
                Assert.Equal(sample.Image.BytesPerPixel, changed.Image.BytesPerPixel);
                Assert.Equal(classes, changed.Labels.Classes);
                Assert.Equal(0ul, Words(changed.Labels).Aggregate(0ul, (all, w) => all | w) >> classes);
                if (augmentation is IntensityAugmentation)
                {
                    Assert.Same(sample.Labels, changed.Labels);
                    Assert.Equal(sample.Image.Frame, changed.Image.Frame);
                }
            }
        }
    }

    /// <summary>What moves pixels does the same to a mask that comes as labels and to one that comes as an image, read at the nearest pixel.</summary>
    public static void AMaskAsImageMovesAsTheMask(Type type)
    {
        var augmentation = Make(type, options => Nearest(options));
        if (augmentation is not (SpatialAugmentation or SampleAugmentation))
        {
            return;
        }

        foreach (var bits in new[] { 8, 16 })
        {
            var mask = Sample(bits, bits);
            var sample = new Sample(new Image(mask.Labels.Frame, bits / 8, mask.Labels.Bytes.ToArray()), mask.Labels);
            for (var seed = 0; seed < 6; seed++)
            {
                var changed = Run(augmentation, sample, seed);
                Assert.Equal(Convert.ToHexString(changed.Labels.Bytes), Convert.ToHexString(changed.Image.Bytes));
            }
        }
    }

    /// <summary>A class's bit moves as it would in a map of its own.</summary>
    public static void AClassMovesAsItWouldAlone(Type type)
    {
        if (Make(type) is not SpatialAugmentation { ReadsSample: false } augmentation)
        {
            return;
        }

        var sample = Sample(8, 32);
        var together = Run(augmentation, sample, 3).Labels;
        foreach (var k in new[] { 0, 13, 31 })
        {
            var plane = new LabelMap(Grid, 1, [.. Words(sample.Labels).Select(w => (byte)(w >> k & 1))]);
            var alone = Run(augmentation, sample with { Labels = plane }, 3).Labels;
            Assert.Equal(Words(together).Select(w => w >> k & 1), Words(alone));
        }
    }

    /// <summary>Every numeric option states what it allows, and what is outside is refused by its name.</summary>
    public static void EveryRangeIsStatedAndKept(Type type)
    {
        var constructor = Assert.Single(type.GetConstructors());
        if (constructor.GetParameters() is not [var parameter])
        {
            return;
        }

        var options = OptionSamples.Default(parameter.ParameterType, Nothing);
        foreach (var property in OptionSamples.Properties(parameter.ParameterType))
        {
            var range = property.GetCustomAttribute<RangeAttribute>();
            Assert.False(OptionSamples.WantsRange(property) && range is null, $"{parameter.ParameterType.Name}.{property.Name} states no range: [Range(…)] or [Within(…)].");
            foreach (var value in range is null ? [] : OptionSamples.Refused(property))
            {
                var refusal = Assert.Throws<ConfigurationException>(() => Construct(constructor, OptionSamples.With(options, property, value)));
                Assert.Contains(OptionRules.NameOf(property), refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    private static Augmentation Construct(ConstructorInfo constructor, object options) =>
        (Augmentation)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [options], null);

    private static object Always(object options) => Set(options, "P", 1.0);

    // Whatever fills the outside is 0 in both.
    private static object Nearest(object options) =>
        Set(Set(Set(Set(options, "Interpolation", Interpolation.Nearest), "Fill", 0.0), "FillMask", 0L), "AreaForDownscale", null);

    private static object Set(object options, string name, object? value) =>
        options.GetType().GetProperty(name) is { SetMethod: not null } property && (value is null || property.PropertyType.IsInstanceOfType(value))
            ? OptionSamples.With(options, property, value)
            : options;

    private static Sample Run(Augmentation augmentation, Sample sample, int seed) =>
        new AugmentationPipeline([augmentation]).Run(sample, RandomStream.For(seed, "check"), new Workspace(), Others(sample.Image.BytesPerPixel * 8, sample.Labels.Classes));

    private static void Equal(Sample expected, Sample found)
    {
        Assert.Equal(expected.Image.Frame, found.Image.Frame);
        Assert.Equal(Convert.ToHexString(expected.Image.Bytes), Convert.ToHexString(found.Image.Bytes));
        Assert.Equal(Convert.ToHexString(expected.Labels.Bytes), Convert.ToHexString(found.Labels.Bytes));
    }

    private static Sample Sample(int imageBits, int classes) => new(new Image(Grid, imageBits / 8, Hashed(imageBits, 1)), new LabelMap(Grid, classes, Hashed(LabelMap.WordBytesFor(classes) * 8, 2)));

    private static LabelMap Sparse(int classes)
    {
        var labels = Sample(8, classes).Labels;
        var words = Words(labels).Select(w => w & (ulong.MaxValue >> (64 - classes))).ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            BitConverter.GetBytes(words[i]).AsSpan(0, labels.WordBytes).CopyTo(labels.Bytes[(i * labels.WordBytes)..]);
        }

        return labels;
    }

    private static ulong[] Words(LabelMap labels)
    {
        var words = new ulong[labels.Frame.Area];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = labels.WordBytes switch
            {
                1 => labels.Bytes[i],
                2 => labels.Words<ushort>()[i],
                4 => labels.Words<uint>()[i],
                _ => labels.Words<ulong>()[i],
            };
        }

        return words;
    }

    private static byte[] Hashed(int bits, int key)
    {
        var random = RandomStream.For(key, "pixels", bits);
        var bytes = new byte[Grid.Area * bits / 8];
        foreach (ref var b in bytes.AsSpan())
        {
            b = (byte)random.NextUInt64();
        }

        return bytes;
    }

    private static string[] Classes(int count) => [.. Enumerable.Range(0, count).Select(k => $"class {k}")];

    private static Augmentation Nothing() => new Still();

    private static Source Others(int imageBits, int classes) => new(imageBits, classes);

    /// <summary>What containers hold here: something that changes nothing.</summary>
    private sealed class Still() : SpatialAugmentation<int>(1)
    {
        protected override int DrawParameters(ref RandomStream random, in DrawContext context) => 0;

        protected override Geometry Map(int draw, Frame frame) => GridTurn.None(frame);
    }

    /// <summary>Samples to mix with, of the same kind.</summary>
    private sealed class Source(int imageBits, int classes) : ISampleSource
    {
        public int Count => 5;

        public string NameOf(int index) => $"case {index}";

        public Sample Read(int index, Workspace workspace) => new(new Image(Grid, imageBits / 8, Hashed(imageBits, 10 + index)), Sparse(classes));
    }
}
