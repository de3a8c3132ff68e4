using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Inference;

/// <summary>A validation case as it was predicted and as it is.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Group">Cases of one group are kept apart from the others in the nested check: a fold, or a patient.</param>
/// <param name="Predicted">A mask a class.</param>
/// <param name="Truth">A mask a class.</param>
public sealed record ValidationCase(string Case, string Group, IReadOnlyList<Mask> Predicted, IReadOnlyList<Mask> Truth)
{
    /// <summary>As the case is predicted when what was tuned before, such as thresholds, is tuned without a group, by group; where one is missing, that makes no difference.</summary>
    /// <remarks>A class that is the same is best the same object as in <see cref="Predicted"/>: nothing is done twice to it.</remarks>
    public IReadOnlyDictionary<string, IReadOnlyList<Mask>> Without { get; init; } = new Dictionary<string, IReadOnlyList<Mask>>(StringComparer.Ordinal);
}

/// <summary>An experiment's post-processors in their order, for the classes of its data set. Safe for any number of threads.</summary>
public sealed class PostProcessChain
{
    /// <summary>Groups of validation cases that the nested check takes.</summary>
    public const int LeastGroups = 2;

    private readonly IReadOnlyList<string> _classes;
    private readonly LabelMode _mode;
    private readonly Part[] _parts;

    /// <summary>The steps.</summary>
    /// <param name="steps">Names and post-processors, in order.</param>
    /// <param name="classes">In channel order.</param>
    /// <param name="mode">In multiclass mode each pixel keeps one class.</param>
    /// <exception cref="ConfigurationException">A step names a class that is not there, or the background; all that do are told.</exception>
    public PostProcessChain(IReadOnlyList<(string Name, PostProcessor Step)> steps, IReadOnlyList<string> classes, LabelMode mode)
    {
        (_classes, _mode) = (classes, mode);
        var faults = steps.SelectMany((step, i) => Faults(step.Step.Options, classes, mode).Select(fault => $"postprocess[{i}].{step.Name}: {fault}")).ToArray();
        _parts = faults.Length > 0 ? throw new ConfigurationException(faults) : [.. steps.SelectMany((step, i) => PartsOf(i, step.Name, step.Step))];
    }

    private PostProcessChain(IReadOnlyList<string> classes, LabelMode mode, Part[] parts) => (_classes, _mode, _parts) = (classes, mode, parts);

    /// <summary>True when validation cases have to be asked before it can be applied.</summary>
    public bool IsOpen => _parts.Any(p => p.Auto);

    /// <summary>What is wrong with a step's classes; none in most cases.</summary>
    /// <param name="options">The step's.</param>
    /// <param name="classes">Those there are.</param>
    /// <param name="mode">How they relate.</param>
    /// <param name="hint">What is said of a name that there is not, with the names that there are; null: nothing.</param>
    public static IEnumerable<string> Faults(PostProcessorOptions options, IReadOnlyList<string> classes, LabelMode mode, Func<string, IEnumerable<string>, string>? hint = null)
    {
        foreach (var unknown in options.Classes.Append(options.Background).OfType<string>().Where(name => !classes.Contains(name)))
        {
            yield return $"class '{unknown}' is unknown{hint?.Invoke(unknown, classes)}. There are {string.Join(", ", classes)}.";
        }

        if (mode == LabelMode.Multiclass && options.Classes.Contains(options.Background ?? classes[0]))
        {
            yield return $"class '{options.Background ?? classes[0]}' gets what the step takes away from others, and cannot be one of its classes. Leave it out, or name another background.";
        }

        if (mode == LabelMode.Multilabel && options.Background is not null)
        {
            yield return "background is given, but classes may overlap here (mode: multilabel), and nothing is taken from one for another. Leave it out.";
        }
    }

    /// <summary>One image's masks, post-processed.</summary>
    /// <param name="masks">One a class, in channel order.</param>
    /// <exception cref="InvalidOperationException">It is open: validation cases were not asked.</exception>
    public IReadOnlyList<Mask> Apply(IReadOnlyList<Mask> masks) => IsOpen
        ? throw new InvalidOperationException("Which steps are applied is still to be chosen.")
        : _parts.Aggregate(masks, Apply);

    /// <summary>Asks validation cases which of the steps that are for them to choose are applied, step by step and class by class.</summary>
    /// <remarks>
    /// A step is tried on what the steps before it left, in the order of the list, and applied to a class where it raises the mean Dice; a class absent
    /// from truth and prediction of a case counts 1. The choosing itself is checked: it is done again without each group, on what the others' tuning
    /// predicts, and judged on that group; this nested gain has to be above its own standard error. Varma, Simon 2006, doi:10.1186/1471-2105-7-91.
    /// </remarks>
    /// <param name="cases">Of <see cref="LeastGroups"/> groups at least; never those that are tested on.</param>
    public (PostProcessChain Chain, PostProcessChoice Choice) Choose(IReadOnlyList<ValidationCase> cases)
    {
        var all = new ChainTrial(cases, null, _mode);
        var without = cases.Select(c => c.Group).Distinct(StringComparer.Ordinal).ToDictionary(
            group => group, group => cases.Any(c => c.Without.ContainsKey(group)) ? new ChainTrial(cases, group, _mode) : all, StringComparer.Ordinal);
        var first = all.Dice;
        var (kept, trials) = (new List<Part>(), new List<PostProcessTrial>());
        foreach (var part in _parts)
        {
            var current = all.Dice;
            all.Try(part.Classes, masks => Apply(masks, part), null);
            foreach (var own in without.Values.Where(own => own != all))
            {
                own.Try(part.Classes, masks => Apply(masks, part), part.Background < 0 ? all : null);
            }

            var reached = all.Reached;
            var (nested, error) = Nested(cases, without);
            var applied = !part.Auto || (reached > current && nested > error);
            trials.Add(new PostProcessTrial(part.Step, part.Name, [.. part.Classes.Select(k => _classes[k])], part.Auto, applied, current, reached, nested, error));
            if (applied)
            {
                kept.Add(part with { Auto = false });
                foreach (var own in without.Values.Append(all).Distinct())
                {
                    own.Keep();
                }
            }
        }

        return (new PostProcessChain(_classes, _mode, [.. kept]), new PostProcessChoice([.. cases.Select(c => c.Case)], first, all.Dice, trials));
    }

    /// <summary>The chain with what was chosen for the same list and classes.</summary>
    public PostProcessChain Closed(PostProcessChoice choice) =>
        new(_classes, _mode, [.. _parts.Zip(choice.Trials).Where(pair => pair.Second.Applied).Select(pair => pair.First with { Auto = false })]);

    // Each group's gain where the others say whether the step is applied.
    private static (double Mean, double Error) Nested(IReadOnlyList<ValidationCase> cases, Dictionary<string, ChainTrial> without)
    {
        if (without.Count < LeastGroups)
        {
            return (0, 0);
        }

        var values = new double[cases.Count];
        foreach (var (group, trial) in without)
        {
            var gains = trial.Gains;
            var applied = gains.Where((_, i) => cases[i].Group != group).Average() > 0;
            for (var i = 0; i < gains.Length; i++)
            {
                values[i] = cases[i].Group != group ? values[i] : applied ? gains[i] : 0;
            }
        }

        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }

    private IEnumerable<Part> PartsOf(int place, string name, PostProcessor step)
    {
        var background = _mode == LabelMode.Multilabel ? -1 : step.Options.Background is { } own ? _classes.ToList().IndexOf(own) : 0;
        int[] chosen = [.. Enumerable.Range(0, _classes.Count).Where(k => step.Options.Classes.Count == 0 ? k != background : step.Options.Classes.Contains(_classes[k]))];
        IEnumerable<int[]> groups = step.Together ? [chosen] : chosen.Select(k => new[] { k });
        return groups.Select(group => new Part(place, name, step, group, background, step.Options.Auto));
    }

    private static IReadOnlyList<Mask> Apply(IReadOnlyList<Mask> masks, Part part)
    {
        var changed = part.Processor.Process([.. part.Classes.Select(k => masks[k])]);
        Mask[] all = [.. masks];
        for (var i = 0; i < changed.Count; i++)
        {
            var (k, before) = (part.Classes[i], all[part.Classes[i]]);
            all[k] = changed[i];
            if (part.Background < 0 || changed[i].Equals(before))
            {
                continue;
            }

            // Each pixel keeps one class: what was added is taken from whoever had it, what was taken away goes to the background.
            var (added, removed) = (changed[i].Subtract(before), before.Subtract(changed[i]));
            for (var other = 0; other < all.Length && !added.IsEmpty; other++)
            {
                all[other] = other == k ? all[other] : all[other].Subtract(added);
            }

            all[part.Background] = all[part.Background].Union(removed);
        }

        return all;
    }

    private sealed record Part(int Step, string Name, PostProcessor Processor, int[] Classes, int Background, bool Auto);
}
