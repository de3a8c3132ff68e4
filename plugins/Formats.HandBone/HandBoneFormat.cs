using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>
/// Radiographs of hands with 29 labelled bones: <c>train/DCM/ID###/image0123456789012[_R|_L].png</c> with an outline file of the same stem in
/// <c>train/outputs_json/ID###/</c>, the same under <c>test/</c> (labels there are optional), and patient facts in <c>meta_data.xlsx</c>.
/// The root is the folder that holds train/ and test/, or the one above it when that folder is called data.
/// </summary>
[Format("hand-bone")]
public sealed class HandBoneFormat(HandBoneOptions options) : DatasetFormat
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Classes => options.Classes.Count > 0 ? options.Classes : HandBoneClasses.All;

    /// <inheritdoc/>
    public override PolygonRaster? Raster => options.Raster;

    /// <inheritdoc/>
    public override CaseIndex Index(string root)
    {
        var files = new HandBoneFiles(root);
        var findings = new List<Finding>();
        var patients = PatientTable.Read(files, findings);
        var found = new List<CaseSource>();
        foreach (var (subset, folder) in new[] { (Subset.Test, "test"), (Subset.Train, "train") })
        {
            var labels = files.List($"{folder}/outputs_json", ".json", findings);
            var images = files.List($"{folder}/DCM", ".png", findings);
            foreach (var ((patient, stem), path) in images)
            {
                var hasLabel = labels.Remove((patient, stem), out var label);
                if (!hasLabel && subset == Subset.Train)
                {
                    findings.Add(new Finding(Severity.Red, "missing-label", path, $"The training image has no {folder}/outputs_json/{patient}/{stem}.json; add it, or move the image to test/."));
                }

                found.Add(new CaseSource(stem, patient, subset, path, label) { Metadata = Facts(patients.Of(patient), stem) });
            }

            findings.AddRange(labels.OrderBy(l => l.Value, StringComparer.Ordinal).Select(l => new Finding(
                Severity.Amber, "missing-image", l.Value, $"The label has no image {folder}/DCM/{l.Key.Patient}/{l.Key.Stem}.png; it is left out.")));
        }

        var cases = WithoutDuplicates(found, findings);
        return new CaseIndex(cases, [.. findings.OrderBy(f => f.Where, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public override Image ReadImage(string root, CaseSource source) => ImageFile.ReadGray(ConfinedPath.Of(root, source.ImagePath));

    /// <inheritdoc/>
    public override IReadOnlyList<Annotation> ReadLabels(string root, CaseSource source, Frame frame)
    {
        var path = source.LabelPath ?? throw new DataException(source.ImagePath, "the case has no label file.");
        return HandBoneLabels.Read(ConfinedPath.Of(root, path), path, frame, options.Raster, options.Classes);
    }

    private static Dictionary<string, string> Facts(IReadOnlyDictionary<string, string> patient, string stem)
    {
        var facts = new Dictionary<string, string>(patient);
        if (stem.EndsWith("_R", StringComparison.Ordinal) || stem.EndsWith("_L", StringComparison.Ordinal))
        {
            facts["side"] = stem[^1..];
        }

        return facts;
    }

    private static List<CaseSource> WithoutDuplicates(List<CaseSource> found, List<Finding> findings)
    {
        found.Sort((a, b) => string.CompareOrdinal(a.ImagePath, b.ImagePath));
        var first = new Dictionary<string, CaseSource>(StringComparer.Ordinal);
        var kept = new List<CaseSource>(found.Count);
        foreach (var source in found)
        {
            if (first.TryAdd(source.Id, source))
            {
                kept.Add(source);
            }
            else
            {
                findings.Add(new Finding(Severity.Red, "duplicate-id", source.ImagePath, $"{source.Id} is already the name of {first[source.Id].ImagePath}; stems must be unique, so this one is left out. Rename image and label."));
            }
        }

        return kept;
    }
}
