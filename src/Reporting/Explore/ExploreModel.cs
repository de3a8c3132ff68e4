using Osteon.Abstractions;

namespace Osteon.Reporting;

/// <summary>A case of the sample grid.</summary>
/// <param name="Id">The case.</param>
/// <param name="Height">Of the picture.</param>
/// <param name="Width">The same.</param>
/// <param name="Jpeg">The grey picture.</param>
/// <param name="Runs">For each class, start and length pairs over the picture's pixels, row-major.</param>
public sealed record ExploreSample(string Id, int Height, int Width, byte[] Jpeg, IReadOnlyList<IReadOnlyList<int>> Runs);

/// <summary>What a person wants to see first of a data set.</summary>
public sealed record ExploreModel
{
    /// <summary>The experiment's name.</summary>
    public required string Title { get; init; }

    /// <summary>Counts for the top of the page.</summary>
    public required IReadOnlyList<Fact> Counts { get; init; }

    /// <summary>In channel order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Sizes and kinds of images.</summary>
    public required IReadOnlyList<Histogram> Images { get; init; }

    /// <summary>Facts about patients.</summary>
    public required IReadOnlyList<Histogram> Metadata { get; init; }

    /// <summary>For each class, its share of the image in each case that has it; above 0.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Shares { get; init; }

    /// <summary>Labelled cases.</summary>
    public required int Labelled { get; init; }

    /// <summary>For each pair of classes, cases that have both; on the diagonal, cases that have the class.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Together { get; init; }

    /// <summary>For each pair of classes, pixels of both over pixels of either, over all cases.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> IoU { get; init; }

    /// <summary>Pixels with two classes or more over all pixels.</summary>
    public required double Overlapping { get; init; }

    /// <summary>The mean of all images, stretched to a square; 8 bit. Null where there is none.</summary>
    public required Image? Mean { get; init; }

    /// <summary>Cells of a heat map's side.</summary>
    public required int HeatSide { get; init; }

    /// <summary>For each class, how often a cell has it, 255 for always; HeatSide² bytes.</summary>
    public required IReadOnlyList<byte[]> Heat { get; init; }

    /// <summary>Cases to look at.</summary>
    public required IReadOnlyList<ExploreSample> Samples { get; init; }

    /// <summary>What Check found, with pictures.</summary>
    public required IReadOnlyList<SheetRule> Findings { get; init; }
}
