using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>A case that is to be made.</summary>
/// <param name="Recipe">Its place in the plan's augment.</param>
/// <param name="Source">The training case it is made of.</param>
/// <param name="Copy">From 0.</param>
/// <param name="Cut">What is cut out of the original image; null: the whole image as it is stored.</param>
/// <param name="Output">Height and width before the transforms.</param>
internal sealed record ExtraCase(int Recipe, StoredCase Source, int Copy, Box? Cut, Frame Output)
{
    /// <summary>Its id.</summary>
    public string IdIn(Plan plan) => $"{Source.Id}.{plan.Augment[Recipe].Name}-{Copy}";
}

/// <summary>Which cases a fold's recipes make, and what they take on disk.</summary>
internal sealed class ExtraCases
{
    private ExtraCases(IReadOnlyList<ExtraCase> all, IReadOnlyList<StoredCase> sources, long bytes, IReadOnlyList<string> lines) =>
        (All, Sources, Bytes, Lines) = (all, sources, bytes, lines);

    /// <summary>In order of recipe, case and copy.</summary>
    public IReadOnlyList<ExtraCase> All { get; }

    /// <summary>The fold's training cases, which alone may be mixed.</summary>
    public IReadOnlyList<StoredCase> Sources { get; }

    /// <summary>About how much they take.</summary>
    public long Bytes { get; }

    /// <summary>A line for each recipe, for people.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <exception cref="ConfigurationException">A recipe names a class that is not there.</exception>
    public static ExtraCases Of(Plan plan, CaseStore store, Fold fold)
    {
        StoredCase[] sources = [.. fold.Train.Select(id => store[id]).Where(c => c.Labelled)];
        var (all, lines, total) = (new List<ExtraCase>(), new List<string>(), 0L);
        for (var r = 0; r < plan.Augment.Count; r++)
        {
            var recipe = plan.Augment[r];
            var (before, bytes) = (all.Count, 0L);
            var focus = recipe.Classes.Select(name => IndexOf(store.Classes, name, r)).ToArray();
            foreach (var source in sources.Where(c => recipe.Where.All(w => c.Source.Metadata.GetValueOrDefault(w.Key) == w.Value)))
            {
                var truth = focus.Length > 0 || recipe.UprightWithin < 90 ? store.ReadTruth(source) : [];
                if (recipe.UprightWithin < 90 && !(LongAxis.Tilt(truth) <= recipe.UprightWithin))
                {
                    continue;
                }

                for (var copy = 0; copy < recipe.Copies; copy++)
                {
                    var cut = focus.Length > 0 ? FocusBox.Of(truth, focus, recipe, RandomStream.For(plan.Seed, "extra-box", recipe.Name, source.Id, copy)) : (Box?)null;
                    if (focus.Length > 0 && cut is null)
                    {
                        break;                                      // none of the classes is there
                    }

                    var output = FocusBox.Scaled(cut?.Size ?? source.Stored, recipe.Size);
                    all.Add(new ExtraCase(r, source, copy, cut, output));
                    bytes += 4096 + ((long)output.Area * (1 + LabelMap.WordBytesFor(store.Classes.Count)));
                }
            }

            total += bytes;
            lines.Add($"{recipe.Name}: {all.Count - before} cases of {all.Skip(before).Select(c => c.Source.Id).Distinct().Count()}, {recipe.Copies} each, about {Megabytes(bytes)}");
        }

        return new ExtraCases(all, sources, total, lines);
    }

    public static string Megabytes(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Max(bytes / 1e6, 0.1):0.0} MB");

    private static int IndexOf(IReadOnlyList<string> classes, string name, int recipe)
    {
        var k = classes.ToList().IndexOf(name);
        return k >= 0 ? k : throw new ConfigurationException(
            $"augment[{recipe}].classes names '{name}'{Configuration.Nearest.Hint(name, classes)}, which is no class of the data. Allowed: {string.Join(", ", classes)}.");
    }
}
