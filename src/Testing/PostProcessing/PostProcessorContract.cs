using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Osteon.Abstractions;
using Osteon.Masks;
using Xunit;

namespace Osteon.Testing;

#pragma warning disable CA1707 // names of tests read as sentences

/// <summary>
/// What holds of every post-processor, whatever it does. <see cref="PostProcessorContract{T}"/> runs these checks on one that a plugin's
/// author names; a program that knows no plugin finds their classes and runs them too.
/// </summary>
public static class PostProcessorChecks
{
    private static readonly Frame Grid = new(41, 67);

    /// <summary>A post-processor with its options' defaults.</summary>
    /// <param name="type">A class with one constructor that takes an options record.</param>
    public static PostProcessor Make(Type type) => Construct(type, OptionSamples.Default(OptionsOf(type), () => throw new NotSupportedException("A post-processor holds no augmentations.")));

    /// <summary>As many masks come out as went in, in the same frame; and the same masks give the same runs.</summary>
    public static void MasksKeepTheirFrame(Type type)
    {
        var processor = Make(type);
        foreach (var masks in Samples())
        {
            var changed = processor.Process(masks);
            Assert.Equal(masks.Count, changed.Count);
            Assert.All(changed, mask => Assert.Equal(Grid, mask.Frame));
            Assert.Equal(changed, processor.Process([.. masks.Select(m => Mask.FromDense(m.ToDense(), Grid))]));
        }
    }

    /// <summary>Of nothing comes nothing.</summary>
    public static void EmptyMasksStayEmpty(Type type) =>
        Assert.All(Make(type).Process([Mask.Empty(Grid), Mask.Empty(Grid)]), mask => Assert.True(mask.IsEmpty));

    /// <summary>A class is changed as if it were alone, unless the post-processor says that it looks at its classes together.</summary>
    public static void ClassesAreChangedByThemselves(Type type)
    {
        var processor = Make(type);
        foreach (var masks in processor.Together ? [] : Samples())
        {
            Assert.Equal(masks.Select(mask => Assert.Single(processor.Process([mask]))), processor.Process(masks));
        }
    }

    /// <summary>Every numeric option states what it allows, and what is outside is refused by its name.</summary>
    public static void EveryRangeIsStatedAndKept(Type type)
    {
        var (record, options) = (OptionsOf(type), Activator.CreateInstance(OptionsOf(type))!);
        foreach (var property in OptionSamples.Properties(record))
        {
            var range = property.GetCustomAttribute<RangeAttribute>();
            Assert.False(OptionSamples.WantsRange(property) && range is null, $"{record.Name}.{property.Name} states no range: [Range(…)] or [Within(…)].");
            foreach (var value in range is null ? [] : OptionSamples.Refused(property))
            {
                var refusal = Assert.Throws<ConfigurationException>(() => Construct(type, OptionSamples.With(options, property, value)));
                Assert.Contains(OptionRules.NameOf(property), refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    private static Type OptionsOf(Type type) => Assert.Single(Assert.Single(type.GetConstructors()).GetParameters()).ParameterType;

    private static PostProcessor Construct(Type type, object options) =>
        (PostProcessor)type.GetConstructors()[0].Invoke(BindingFlags.DoNotWrapExceptions, null, [options], null);

    // Sparse and dense noise, blots of it, a full mask and an empty one; they overlap.
    private static IEnumerable<IReadOnlyList<Mask>> Samples()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var random = RandomStream.For(seed, "masks");
            var (thin, thick, blots) = (new byte[Grid.Area], new byte[Grid.Area], new byte[Grid.Area]);
            for (var i = 0; i < Grid.Area; i++)
            {
                thin[i] = (byte)(random.NextDouble() < 0.2 ? 1 : 0);
                thick[i] = (byte)(random.NextDouble() < 0.7 ? 1 : 0);
            }

            for (var blot = 0; blot < 5; blot++)
            {
                var (row, column, radius) = (random.NextInt(Grid.Height), random.NextInt(Grid.Width), 3 + random.NextInt(8));
                for (var i = 0; i < Grid.Area; i++)
                {
                    var (y, x) = ((i / Grid.Width) - row, (i % Grid.Width) - column);
                    blots[i] |= (byte)((y * y) + (x * x) <= radius * radius ? 1 : 0);
                }
            }

            yield return [Mask.FromDense(thin, Grid), Mask.FromDense(thick, Grid), Mask.FromDense(blots, Grid)];
        }

        yield return [Mask.Full(Grid), Mask.Empty(Grid), new Mask(Grid, [new Run(0, 1)]), new Mask(Grid, [new Run(Grid.Area - 1, 1)])];
    }
}

/// <summary>
/// What holds of every post-processor. A plugin's author tests one in a line: <c>public sealed class SmoothTests : PostProcessorContract&lt;Smooth&gt;;</c>
/// </summary>
/// <typeparam name="T">Its class, with one constructor that takes an options record.</typeparam>
public abstract class PostProcessorContract<T> where T : PostProcessor
{
    /// <summary>As many masks come out as went in, in the same frame; and the same masks give the same runs.</summary>
    [Fact]
    public void Masks_keep_their_frame() => PostProcessorChecks.MasksKeepTheirFrame(typeof(T));

    /// <summary>Of nothing comes nothing.</summary>
    [Fact]
    public void Empty_masks_stay_empty() => PostProcessorChecks.EmptyMasksStayEmpty(typeof(T));

    /// <summary>A class is changed as if it were alone.</summary>
    [Fact]
    public void Classes_are_changed_by_themselves() => PostProcessorChecks.ClassesAreChangedByThemselves(typeof(T));

    /// <summary>Every numeric option states what it allows, and what is outside is refused by its name.</summary>
    [Fact]
    public void Every_range_is_stated_and_kept() => PostProcessorChecks.EveryRangeIsStatedAndKept(typeof(T));
}
