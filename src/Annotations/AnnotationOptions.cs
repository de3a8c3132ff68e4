using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Annotations;

/// <summary>What formats of outlines and boxes have in common.</summary>
public abstract record AnnotationOptions
{
    /// <summary>Folder of the images below the root, with all folders in it; '.' is the root itself.</summary>
    public string Images { get; init; } = "images";

    /// <summary>
    /// Classes, in channel order, and the source's names that each is made of: <c>{fracture: [fractured, broken], screw: []}</c> joins
    /// two and takes one as it is called. Names that stand in no class are left out. When empty, every name is a class.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Categories { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Finds the patient in a case's name: the group 'patient' of this regular expression, else its first group, else the match. When empty, each image is a patient of its own.</summary>
    public string PatientPattern { get; init; } = string.Empty;

    /// <summary>What is wrong with them, a line each.</summary>
    public virtual IEnumerable<string> Faults() =>
    [
        .. FaultOfPath("images", Images),
        .. Categories.Count > LabelMap.MaxClasses ? [$"categories names {Categories.Count} classes; {LabelMap.MaxClasses} fit."] : Array.Empty<string>(),
        .. Categories.Keys.Where(k => k.Length == 0).Select(_ => "categories has a class without a name."),
        .. Categories.SelectMany(c => CategoryMap.NamesOf(c).Distinct().Select(name => (name, c.Key))).GroupBy(n => n.name).Where(g => g.Count() > 1)
            .Select(g => $"categories gives '{g.Key}' to {string.Join(" and ", g.Select(n => n.Key))}; a name belongs to one class."),
        .. CasePatients.Fault(PatientPattern),
    ];

    /// <summary>Refuses options that make no sense.</summary>
    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Demand()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    /// <summary>The patient of a case, by the pattern; the case's own id where there is none.</summary>
    public string PatientOf(string name, string id, string path, ICollection<Finding> findings) =>
        PatientPattern.Length == 0 ? id : CasePatients.Of(PatientPattern, name, path, findings) ?? id;

    /// <summary>A path that an option names must stay below the root.</summary>
    protected static IEnumerable<string> FaultOfPath(string option, string path) => Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..")
        ? [$"{option} '{path}' must lie below the root: no '..', no absolute path."]
        : [];
}
