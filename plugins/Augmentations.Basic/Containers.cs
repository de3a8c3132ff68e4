using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Plugins.Augmentations.Basic;

/// <summary>Albumentations' options and defaults.</summary>
public sealed record OneOfOptions : AugmentationContainerOptions
{
    /// <summary>How often one of them runs.</summary>
    [Range(0.0, 1.0)]
    public double P { get; init; } = 0.5;
}

/// <summary>Runs one of its augmentations; their p are weights, and the one chosen always runs.</summary>
[Augmentation("OneOf")]
public sealed class OneOf(OneOfOptions options) : AugmentationContainer(options, options.Checked().P)
{
    /// <inheritdoc/>
    public override void Choose(ref RandomStream random, ICollection<ChosenAugmentation> chosen)
    {
        var weights = Children.Sum(c => c.Probability);
        if (weights <= 0)
        {
            return;
        }

        var place = random.NextDouble() * weights;
        var child = 0;
        while (child < Children.Count - 1 && (place >= Children[child].Probability || Children[child].Probability == 0))
        {
            place -= Children[child++].Probability;
        }

        chosen.Add(new ChosenAugmentation(child, Always: true));
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record SomeOfOptions : AugmentationContainerOptions
{
    /// <summary>How many are chosen; all where there are fewer.</summary>
    [Range(1, 1000)]
    public int N { get; init; } = 1;

    /// <summary>True: one may be chosen several times.</summary>
    public bool Replace { get; init; }

    /// <summary>How often it runs at all.</summary>
    [Range(0.0, 1.0)]
    public double P { get; init; } = 1;
}

/// <summary>Chooses n of its augmentations, each as likely, and runs them in the order they are written, each as often as its own p says.</summary>
[Augmentation("SomeOf")]
public sealed class SomeOf(SomeOfOptions options) : AugmentationContainer(options, options.Checked().P)
{
    /// <inheritdoc/>
    public override void Choose(ref RandomStream random, ICollection<ChosenAugmentation> chosen)
    {
        var drawn = new int[options.Replace ? options.N : Math.Min(options.N, Children.Count)];
        if (options.Replace)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = random.NextInt(Children.Count);
            }
        }
        else
        {
            var all = Enumerable.Range(0, Children.Count).ToArray();
            random.Shuffle(all.AsSpan());
            all.AsSpan(0, drawn.Length).CopyTo(drawn);
        }

        Array.Sort(drawn);
        foreach (var child in drawn)
        {
            chosen.Add(new ChosenAugmentation(child, Always: false));
        }
    }
}

/// <summary>Albumentations' options and defaults.</summary>
public sealed record SequentialOptions : AugmentationContainerOptions
{
    /// <summary>How often they run at all.</summary>
    [Range(0.0, 1.0)]
    public double P { get; init; } = 0.5;
}

/// <summary>Runs its augmentations one after another, each as often as its own p says.</summary>
[Augmentation("Sequential")]
public sealed class Sequential(SequentialOptions options) : AugmentationContainer(options, options.Checked().P)
{
    /// <inheritdoc/>
    public override void Choose(ref RandomStream random, ICollection<ChosenAugmentation> chosen)
    {
        for (var child = 0; child < Children.Count; child++)
        {
            chosen.Add(new ChosenAugmentation(child, Always: false));
        }
    }
}
