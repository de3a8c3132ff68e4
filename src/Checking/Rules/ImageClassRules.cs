using System.Globalization;
using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>Images that cannot be learnt from.</summary>
public sealed class ImageWithoutClass() : Rule("image-without-class", Severity.Red,
    "A training image has no class, where images are classified.",
    "It would silently be left out; accepted, it is.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Images is not { } images ? [] : data.Cases
        .Where(c => images.Unlabelled.ContainsKey(c.Id))
        .Select(c => OfImage(c, $"has no class: {images.Unlabelled[c.Id]}. Give it one, or accept that it is left out."));
}

/// <summary>Classes that nobody has.</summary>
public sealed class ClassWithoutImage() : Rule("class-without-image", Severity.Red,
    "A class of images has no image to learn from.",
    "The network could never find it.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => ImageClasses.Counts(data) is not { } counts || counts.Count(n => n > 0) < 2 ? [] : counts.Index()
        .Where(c => c.Item == 0)
        .Select(c => OfAll($"class '{data.Images!.Classes[c.Index]}' has no training image. Check its spelling among labels' classes, or leave it out."));
}

/// <summary>Nothing to tell apart.</summary>
public sealed class OneClass() : Rule("one-class", Severity.Red,
    "All training images are of one class, where images are classified.",
    "There is nothing to tell apart.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => ImageClasses.Counts(data) is not { } counts || counts.Count(n => n > 0) >= 2 ? []
        : [OfAll(counts.Any(n => n > 0)
            ? $"all {counts.Sum()} training images are '{data.Images!.Classes[Array.FindIndex(counts, n => n > 0)]}'. Look whether labels names the right column, or the right classes of masks."
            : "no training image has a class.")];
}

/// <summary>Classes that are seldom seen.</summary>
public sealed class ClassImbalance() : Rule("class-imbalance", Severity.Amber,
    "A class of images has a tenth of the commonest one's training images, or fewer.",
    "A network that never says it is right almost always, and accuracy alone does not show it.")
{
    private const int Times = 10;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data)
    {
        if (ImageClasses.Counts(data) is not { } counts || counts.Count(n => n > 0) < 2)
        {
            yield break;
        }

        var common = Array.IndexOf(counts, counts.Max());
        for (var k = 0; k < counts.Length; k++)
        {
            if (counts[k] > 0 && counts[k] * Times <= counts[common])
            {
                yield return OfAll(string.Create(CultureInfo.InvariantCulture,
                    $"class '{data.Images!.Classes[k]}' has {counts[k]} training images, '{data.Images.Classes[common]}' {counts[common]}. Try train.sampler: ClassBalanced or train.class_weights: balanced, and judge by ROC AUC or balanced accuracy."));
            }
        }
    }
}

/// <summary>The same picture, and another class.</summary>
public sealed class ContradictingClasses() : Rule("contradicting-classes", Severity.Red,
    "Two images have the same pixels and different classes.",
    "One of the classes is wrong.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Images is not { } images ? [] :
        from pair in Copies.Exact(data.Cases)
        let copy = images.Find(pair.Copy.Id)
        let first = images.Find(pair.First.Id)
        where copy is not null && first is not null && copy != first
        select OfImage(pair.Copy, $"is '{images.Classes[copy.Value]}', and {pair.First.Case.Source.ImagePath} with the same pixels is '{images.Classes[first.Value]}'.");
}

internal static class ImageClasses
{
    /// <summary>Training images of each class; null where images are not classified.</summary>
    public static int[]? Counts(CheckedData data) => data.Images?.Count(data.Cases.Select(c => c.Case).Where(c => c.Source.Subset == Subset.Train));
}
