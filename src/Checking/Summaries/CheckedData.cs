using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Checking;

/// <summary>What rules judge: everything known of a data set, and from where on to speak.</summary>
/// <param name="Classes">In channel order.</param>
/// <param name="Mode">Whether classes may overlap.</param>
/// <param name="Thresholds">The experiment's.</param>
/// <param name="Cases">In the store's order.</param>
/// <param name="Conversion">What the format found, and what could not be read.</param>
public sealed record CheckedData(
    IReadOnlyList<string> Classes, LabelMode Mode, CheckThresholds Thresholds, IReadOnlyList<CaseSummary> Cases, ConversionRecord Conversion)
{
    private readonly Lazy<Arrangement> _arrangement = new(() => Arrangement.Learn(Classes.Count, Cases, Thresholds));

    /// <summary>The one class of each image, where images are classified; null where masks are learnt.</summary>
    public CaseLabels? Images { get; init; }

    /// <summary>Whether those classes come of masks, so that masks have to be sound.</summary>
    public bool ClassesAreOfMasks { get; init; }

    /// <summary>Cases with labels.</summary>
    public IReadOnlyList<CaseSummary> Labelled { get; } = [.. Cases.Where(c => c.Labels is not null)];

    /// <summary>How classes usually lie to one another; learnt when first asked for.</summary>
    internal Arrangement Arrangement => _arrangement.Value;
}
