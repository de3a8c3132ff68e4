using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Training;

/// <summary>What a network that classifies is shown of a case: its image, or a part of it, and masks as further channels.</summary>
public abstract class CaseInput
{
    /// <summary>The image as it is stored, and nothing else.</summary>
    public static CaseInput Image { get; } = new WholeImage();

    /// <summary>Names of the masks that lie behind the image's channels, 0 or 1 a pixel; none where the image is all.</summary>
    public abstract IReadOnlyList<string> Planes { get; }

    /// <summary>Reads a case, with or without masks of its own.</summary>
    /// <param name="store">Where it lies.</param>
    /// <param name="stored">The case.</param>
    /// <param name="bits">Classes of the words, more than <see cref="Planes"/>.</param>
    /// <param name="workspace">Owns the memory.</param>
    /// <returns>An image, and in its frame words of so many classes: mask k of <see cref="Planes"/> is class k, all other bits are clear.</returns>
    public abstract Sample Read(CaseStore store, StoredCase stored, int bits, Workspace workspace);

    private sealed class WholeImage : CaseInput
    {
        public override IReadOnlyList<string> Planes => [];

        public override Sample Read(CaseStore store, StoredCase stored, int bits, Workspace workspace)
        {
            var image = store.ReadImage(stored, workspace);
            var words = workspace.Labels(image.Frame, bits);
            words.Bytes.Clear();
            return new Sample(image, words);
        }
    }
}

/// <summary>
/// Samples of images that have one class each. The class is one of all pixels: so augmentations that move, cut, paste or blend images do the
/// same to it, and its share of the pixels is what is learnt, whatever they did.
/// </summary>
/// <param name="Labels">Of the cases.</param>
/// <param name="Input">What is shown of them.</param>
public sealed record LabelledImages(CaseLabels Labels, CaseInput Input)
{
    /// <summary>Classes of the words: masks first, then the classes of images.</summary>
    public IReadOnlyList<string> Words => [.. Input.Planes, .. Labels.Classes];

    /// <summary>A case's sample, in memory of a workspace.</summary>
    public Sample Read(CaseStore store, StoredCase stored, Workspace workspace)
    {
        var bits = Input.Planes.Count + Labels.Classes.Count;
        var sample = Input.Read(store, stored, bits, workspace);
        Fill(sample.Labels, Input.Planes.Count + Labels[stored.Id]);
        return sample;
    }

    private static void Fill(Masks.LabelMap words, int bit)
    {
        switch (words.WordBytes)
        {
            case 1: Set(words.Words<byte>(), (byte)(1 << bit)); break;
            case 2: Set(words.Words<ushort>(), (ushort)(1 << bit)); break;
            case 4: Set(words.Words<uint>(), 1u << bit); break;
            default: Set(words.Words<ulong>(), 1ul << bit); break;
        }
    }

    private static void Set<T>(Span<T> words, T bit) where T : unmanaged, System.Numerics.IBitwiseOperators<T, T, T>
    {
        foreach (ref var word in words)
        {
            word |= bit;
        }
    }
}
