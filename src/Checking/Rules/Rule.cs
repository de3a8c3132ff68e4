using Osteon.Abstractions;

namespace Osteon.Checking;

/// <summary>One question asked of a data set. A pure function: the same summaries give the same findings.</summary>
/// <param name="name">In lower case with hyphens, as experiments name it.</param>
/// <param name="severity">Red blocks training.</param>
/// <param name="what">What it finds, in one sentence.</param>
/// <param name="why">What goes wrong otherwise.</param>
/// <param name="thresholds">Keys under check.thresholds that it reads, as in an experiment.</param>
public abstract class Rule(string name, Severity severity, string what, string why, params IReadOnlyList<string> thresholds)
{
    /// <summary>As experiments name it.</summary>
    public string Name { get; } = name;

    /// <summary>Of its findings.</summary>
    public Severity Severity { get; } = severity;

    /// <summary>What it finds.</summary>
    public string What { get; } = what;

    /// <summary>What goes wrong otherwise.</summary>
    public string Why { get; } = why;

    /// <summary>Keys under check.thresholds.</summary>
    public IReadOnlyList<string> Thresholds { get; } = thresholds;

    /// <summary>Judges a data set.</summary>
    /// <returns>In any order.</returns>
    public abstract IEnumerable<Finding> Judge(CheckedData data);

    /// <summary>A finding about a case's labels.</summary>
    protected Finding OfLabel(CaseSummary summary, string message, params IReadOnlyList<string> classes) =>
        new(Severity, Name, summary.LabelPath, message) { Case = summary.Id, Classes = classes };

    /// <summary>A finding about a case's image.</summary>
    protected Finding OfImage(CaseSummary summary, string message) =>
        new(Severity, Name, summary.Case.Source.ImagePath, message) { Case = summary.Id };

    /// <summary>A finding about the data set as a whole.</summary>
    protected Finding OfAll(string message, params IReadOnlyList<string> classes) => new(Severity, Name, ".", message) { Classes = classes };
}
