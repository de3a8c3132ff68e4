using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>The same pixels within a patient.</summary>
public sealed class SameImage() : Rule("same-image", Severity.Amber,
    "Two images of one patient have the same pixels.",
    "The case counts twice; its labels may contradict each other. They stay in one fold.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => Copies.Exact(data.Cases)
        .Where(pair => pair.Copy.Case.Source.Patient == pair.First.Case.Source.Patient && pair.Copy.Case.Source.Subset == pair.First.Case.Source.Subset)
        .Select(pair => OfImage(pair.Copy, $"has the same pixels as {pair.First.Case.Source.ImagePath}."));
}

/// <summary>The same pixels under two patients.</summary>
public sealed class SameImageAcrossPatients() : Rule("same-image-across-patients", Severity.Red,
    "Images of two patients have the same pixels.",
    "Folds go by patient, so that copies would part between training and validation: a leak.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => Copies.Exact(data.Cases)
        .Where(pair => pair.Copy.Case.Source.Patient != pair.First.Case.Source.Patient && pair.Copy.Case.Source.Subset == pair.First.Case.Source.Subset)
        .Select(pair => OfImage(pair.Copy, $"has the same pixels as {pair.First.Case.Source.ImagePath}, of another patient; in two folds they would leak. Remove one, or give both one patient."));
}

/// <summary>Nearly the same pixels under two patients.</summary>
public sealed class NearDuplicate() : Rule("near-duplicate", Severity.Amber,
    "Images of two patients are all but the same: scaled, recompressed or brightened copies, found by a perceptual hash and confirmed by correlation.",
    "As copies, they would leak between folds.", "near_duplicate_bits", "near_duplicate_correlation")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => Copies.Near(data.Cases, data.Thresholds)
        .Where(pair => pair.Copy.Case.Source.Patient != pair.First.Case.Source.Patient && pair.Copy.Case.Source.Subset == pair.First.Case.Source.Subset)
        .Select(pair => OfImage(pair.Copy, $"is all but the same as {pair.First.Case.Source.ImagePath}, of another patient ({pair.Bits} of 256 bits differ); in two folds they would leak."));
}

/// <summary>People on both sides.</summary>
public sealed class PatientInTrainAndTest() : Rule("patient-in-train-and-test", Severity.Red,
    "A patient has images in the source's train and in its test part.",
    "The test would measure how well a person is remembered.")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => data.Cases.GroupBy(c => c.Case.Source.Patient, StringComparer.Ordinal)
        .Where(g => g.Select(c => c.Case.Source.Subset).Distinct().Count() > 1)
        .Select(g => OfImage(g.First(c => c.Case.Source.Subset == Subset.Test), $"is a test image of patient '{g.Key}', who has training images too, as {g.First(c => c.Case.Source.Subset == Subset.Train).Case.Source.ImagePath}."));
}

/// <summary>Pictures on both sides.</summary>
public sealed class TestTrainOverlap() : Rule("test-train-overlap", Severity.Red,
    "A test image is the same, or all but the same, as a training image.",
    "The test would measure memory.", "near_duplicate_bits", "near_duplicate_correlation")
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Judge(CheckedData data) => Copies.Exact(data.Cases).Select(p => (p.Copy, p.First)).Concat(Copies.Near(data.Cases, data.Thresholds).Select(p => (p.Copy, p.First)))
        .Where(p => p.Copy.Case.Source.Subset != p.First.Case.Source.Subset)
        .Select(p => p.Copy.Case.Source.Subset == Subset.Test ? p : (Copy: p.First, First: p.Copy))
        .DistinctBy(p => p.Copy.Id)
        .Select(p => OfImage(p.Copy, $"is a test image with the picture of the training image {p.First.Case.Source.ImagePath}. Remove one."));
}

internal static class Copies
{
    /// <summary>Each later image of the same size and pixels, beside the first.</summary>
    public static IEnumerable<(CaseSummary Copy, CaseSummary First)> Exact(IReadOnlyList<CaseSummary> cases) => cases
        .Where(c => c.Image.Least < c.Image.Greatest)                  // black images have a rule of their own
        .GroupBy(c => (c.Image.Digest, c.Case.Stored))
        .SelectMany(g => g.Skip(1).Select(copy => (copy, g.First())));

    /// <summary>Pairs that are close by hash and correlation but not equal; each image beside the first it is close to.</summary>
    public static IEnumerable<(CaseSummary Copy, CaseSummary First, int Bits)> Near(IReadOnlyList<CaseSummary> cases, CheckThresholds thresholds)
    {
        for (var i = 1; i < cases.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (cases[i].Image, cases[j].Image);
                var bits = a.Hash.DistanceTo(b.Hash);
                if (bits <= thresholds.NearDuplicateBits && a.Digest != b.Digest && ImageSummary.Correlation(a.Thumbnail, b.Thumbnail) >= thresholds.NearDuplicateCorrelation)
                {
                    yield return (cases[i], cases[j], bits);
                    break;
                }
            }
        }
    }
}
