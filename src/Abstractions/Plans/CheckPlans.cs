using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>What Check asks of the data, and what it lets pass.</summary>
public sealed record CheckPlan
{
    /// <summary>From where on rules speak.</summary>
    public CheckThresholds Thresholds { get; init; } = new();

    /// <summary>Findings that are known and accepted; they are shown with the reason and do not block.</summary>
    public IReadOnlyList<IgnorePlan> Ignore { get; init; } = [];
}

/// <summary>Findings of a rule that are accepted, and why.</summary>
public sealed record IgnorePlan
{
    /// <summary>The rule's name, e.g. near-duplicate.</summary>
    public string Rule { get; init; } = string.Empty;

    /// <summary>A case's id, or a path as findings name it; null accepts the rule's findings everywhere.</summary>
    public string? Case { get; init; }

    /// <summary>Why, for those who read it later.</summary>
    public string Reason { get; init; } = string.Empty;
}

/// <summary>
/// Numbers behind the rules of Check. "Deviations" are robust: distance from the median in units of 1.4826 × the median absolute
/// deviation, which a few faulty cases cannot move.
/// </summary>
public sealed record CheckThresholds
{
    /// <summary>Rules that compare a case with the others need as many cases.</summary>
    [Range(3, int.MaxValue)]
    public int MinCases { get; init; } = 8;

    /// <summary>Deviations of log area a class may have in a case.</summary>
    [Range(1.0, 1e6)]
    public double AreaDeviations { get; init; } = 6;

    /// <summary>Deviations of the log share of labelled pixels.</summary>
    [Range(1.0, 1e6)]
    public double LabelShareDeviations { get; init; } = 6;

    /// <summary>Deviations of an image's mean brightness.</summary>
    [Range(1.0, 1e6)]
    public double BrightnessDeviations { get; init; } = 6;

    /// <summary>Deviations of an image's log contrast (standard deviation of its pixels).</summary>
    [Range(1.0, 1e6)]
    public double ContrastDeviations { get; init; } = 6;

    /// <summary>Deviations of the log number of pixels of an image.</summary>
    [Range(1.0, 1e6)]
    public double SizeDeviations { get; init; } = 8;

    /// <summary>Share of labelled cases that may be without a pixel; above it something is wrong with all.</summary>
    [Range(0.0, 1.0)]
    public double EmptyLabelShare { get; init; } = 0.4;

    /// <summary>A class that at least this share of the labelled cases has is missed where it is absent.</summary>
    [Range(0.5, 1.0)]
    public double UsualShare { get; init; } = 0.9;

    /// <summary>A habit broken by at most this share of the cases is a finding in each of them.</summary>
    [Range(0.0, 0.5)]
    public double RareShare { get; init; } = 0.2;

    /// <summary>Gap between two parts of a class, in square roots of the class's area.</summary>
    [Range(0.0, 1e6)]
    public double PartsApart { get; init; } = 1;

    /// <summary>A part of fewer original pixels than this is a fragment.</summary>
    [Range(1, int.MaxValue)]
    public int FragmentPixels { get; init; } = 20;

    /// <summary>How many times nearer a class must lie to another's usual place than to its own.</summary>
    [Range(1.0, 1e6)]
    public double SwapRatio { get; init; } = 3;

    /// <summary>Degrees by which a case may be turned against the others.</summary>
    [Range(1.0, 180.0)]
    public double RotationDegrees { get; init; } = 60;

    /// <summary>Bits of 256 in which two images' hashes may differ and still be near-duplicates.</summary>
    [Range(0, 256)]
    public int NearDuplicateBits { get; init; } = 24;

    /// <summary>Correlation of two images at 32 × 32 pixels from which they are near-duplicates.</summary>
    [Range(0.0, 1.0)]
    public double NearDuplicateCorrelation { get; init; } = 0.998;

    /// <summary>Relative difference of pixel spacings that counts as another one.</summary>
    [Range(0.0, 10.0)]
    public double SpacingDifference { get; init; } = 0.25;

    /// <summary>Part of a class's share of pixels that the stored labels may have lost or won, for classes of at least 100 stored pixels.</summary>
    [Range(0.0, 1.0)]
    public double StoredAreaDifference { get; init; } = 0.25;
}
