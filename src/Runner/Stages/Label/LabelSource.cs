using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Datasets;

namespace Osteon.Runner;

/// <summary>Where the class of each image is found, as an experiment names it under labels.</summary>
public abstract record LabelSource
{
    private protected LabelSource()
    {
    }

    /// <summary>Names of the classes as far as the experiment itself says them; empty where the data does.</summary>
    internal abstract IReadOnlyList<string> Named { get; }

    /// <summary>Files beside the data set that it reads, absolute or from the working directory.</summary>
    internal virtual IEnumerable<string> Files => [];

    /// <summary>Whether the masks of the data set are what it reads, so that each case has to have one.</summary>
    internal virtual bool ReadsMasks => false;

    /// <summary>The labels of a data set.</summary>
    /// <param name="store">Its cases.</param>
    /// <param name="root">The working directory.</param>
    /// <exception cref="ConfigurationException">All faults of the source.</exception>
    internal abstract CaseLabels Of(CaseStore store, string root);

    /// <summary>Reads the plan's.</summary>
    internal static LabelSource Of(Plan plan) => Configuration.OptionsBinder.Bind<LabelSource>("labels", plan.Labels!);
}

/// <summary>Labels that are values in a table: what is said of classes is the same for a file of one's own and for the cases' metadata.</summary>
public abstract record ValueLabels : LabelSource, IValidatableObject
{
    private protected ValueLabels()
    {
    }

    /// <summary>The values that are classes, in the order of the network's outputs; with two, the second is the one that is looked for. Empty: all there are, sorted.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What values are called, as in {0: intact, 1: fractured}; those that are not named keep their own.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Named => [.. Classes.Select(NameOf)];

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Classes.Count is 1 or > ClassesOfImages.Most || Classes.Distinct(StringComparer.Ordinal).Count() < Classes.Count || Classes.Any(string.IsNullOrWhiteSpace))
        {
            yield return new ValidationResult($"has {Classes.Count} values, [{string.Join(", ", Classes)}]; expected 2 to {ClassesOfImages.Most} different ones, or none, which takes all there are.", [nameof(Classes)]);
        }

        if (Classes.Count > 0 && Names.Keys.FirstOrDefault(k => !Classes.Contains(k)) is { } unknown)
        {
            yield return new ValidationResult($"names '{unknown}', which is none of classes: {string.Join(", ", Classes)}.", [nameof(Names)]);
        }

        var called = Classes.Count > 0 ? Named : [.. Names.Values];
        if (called.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
        {
            yield return new ValidationResult($"calls two values '{twice}'. Classes differ by name.", [nameof(Names)]);
        }

        if (called.FirstOrDefault(n => string.IsNullOrWhiteSpace(n) || n.Length > 64 || n.Any(char.IsControl) || n.Contains('/', StringComparison.Ordinal)) is { } odd)
        {
            yield return new ValidationResult($"has the class '{odd}'; expected a visible name of at most 64 characters, without '/'.", [nameof(Names)]);
        }
    }

    /// <summary>A value's class as people read it.</summary>
    private protected string NameOf(string value) => Names.TryGetValue(value, out var name) ? name : value;
}

/// <summary>A CSV with a row an image: a column says which, another its class. Commas, semicolons or tabs, by the header.</summary>
[Named("csv")]
public sealed record CsvLabels : ValueLabels
{
    /// <summary>The file, absolute or relative to the working directory.</summary>
    public required string File { get; init; }

    /// <summary>The column that names images: by the case's id, or by the image's file, with or without its ending or its folders.</summary>
    public string Id { get; init; } = "id";

    /// <summary>The column of classes; an empty cell is no label.</summary>
    public string Label { get; init; } = "label";

    /// <inheritdoc/>
    internal override IEnumerable<string> Files => [File];

    /// <inheritdoc/>
    internal override CaseLabels Of(CaseStore store, string root) => new LabelTable(this, NameOf).Read(store, Path.GetFullPath(File, root));
}

/// <summary>A column of the cases' metadata, which the format reads from the data set's own tables.</summary>
[Named("metadata")]
public sealed record MetadataLabels : ValueLabels
{
    /// <summary>The column; an empty value is no label.</summary>
    public required string Column { get; init; }

    /// <inheritdoc/>
    internal override CaseLabels Of(CaseStore store, string root)
    {
        string[] columns = [.. store.Cases.SelectMany(c => c.Source.Metadata.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return columns.Contains(Column)
            ? new ClassesOfImages("labels.metadata", Classes, NameOf).Of(store, c => c.Source.Metadata.GetValueOrDefault(Column), $"its metadata has no {Column}")
            : throw new ConfigurationException($"labels.metadata.column is '{Column}'{Configuration.Nearest.Hint(Column, columns)}. Columns of the metadata: {(columns.Length == 0 ? "none; the data set has no metadata" : string.Join(", ", columns))}.");
    }
}

/// <summary>A part of each image's path, as where a folder holds the images of a class.</summary>
[Named("path")]
public sealed record PathLabels : ValueLabels
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Finds the class in the image's path below the data set's root, '/' between folders: the group 'class' of this regular expression, else its
    /// first group, else the match. Where it finds nothing, the image has no class. The default is the folder that the image lies in.
    /// </summary>
    public string Pattern { get; init; } = "([^/]+)/[^/]+$";

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        string? fault = null;
        try
        {
            _ = new Regex(Pattern, RegexOptions.CultureInvariant, s_patience);
        }
        catch (ArgumentException e)
        {
            fault = e.Message;
        }

        return fault is null ? base.Validate(validationContext) : base.Validate(validationContext).Append(new ValidationResult($"is no regular expression: {fault}", [nameof(Pattern)]));
    }

    /// <inheritdoc/>
    internal override CaseLabels Of(CaseStore store, string root)
    {
        var pattern = new Regex(Pattern, RegexOptions.CultureInvariant, s_patience);
        try
        {
            return new ClassesOfImages("labels.path", Classes, NameOf).Of(store, c => Found(pattern.Match(c.Source.ImagePath)), $"'{Pattern}' finds nothing in its path");
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ConfigurationException($"labels.path.pattern '{Pattern}' takes more than a second on '{e.Input}'; write it without nested repetition.");
        }
    }

    private static string? Found(Match match) => !match.Success ? null
        : (match.Groups["class"].Success ? match.Groups["class"] : match.Groups.Count > 1 ? match.Groups[1] : match).Value;
}

/// <summary>Whether a mask has a pixel: an image where something was outlined is of one class, an image where nothing was, of the other.</summary>
[Named("mask")]
public sealed record MaskLabels : LabelSource
{
    /// <summary>Classes of masks that count; empty: all of the experiment.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>What an image is called in whose masks nothing is.</summary>
    public string Negative { get; init; } = "absent";

    /// <summary>What an image is called in which something is.</summary>
    public string Positive { get; init; } = "present";

    /// <inheritdoc/>
    internal override IReadOnlyList<string> Named => [Negative, Positive];

    /// <inheritdoc/>
    internal override bool ReadsMasks => true;

    /// <inheritdoc/>
    internal override CaseLabels Of(CaseStore store, string root)
    {
        string[] faults = [.. Classes.Where(c => !store.Classes.Contains(c)).Select(c => $"labels.mask.classes names '{c}'{Configuration.Nearest.Hint(c, store.Classes)}. Classes of masks: {string.Join(", ", store.Classes)}.")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        int[] counting = [.. Enumerable.Range(0, store.Classes.Count).Where(k => Classes.Count == 0 || Classes.Contains(store.Classes[k]))];
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var stored in store.Cases.Where(c => c.Labelled))
        {
            var truth = store.ReadTruth(stored);
            labels[stored.Id] = counting.Any(k => !truth[k].IsEmpty) ? 1 : 0;
        }

        return new CaseLabels(Named, labels) { Unlabelled = ClassesOfImages.Missing(store, labels, "it has no mask") };
    }
}
