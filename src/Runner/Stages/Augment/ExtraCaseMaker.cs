using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Makes extra cases, each free of chance but for what its own name draws.</summary>
internal sealed class ExtraCaseMaker(ExperimentSession session, CaseStore store, IReadOnlyList<StoredCase> sources, int fold) : ISampleSource
{
    private readonly Plan _plan = session.Plan;
    private readonly DatasetFormat _format = session.Plugins.Create<DatasetFormat>(session.Plan.Data.Format);
    private readonly AugmentationPipeline[] _pipelines = [.. session.Plan.Augment.Select(
        r => new AugmentationPipeline([.. r.Transforms.Select(t => session.Plugins.Create<Augmentation>(t).For(store.Classes))]))];

    /// <inheritdoc/>
    public int Count => sources.Count;

    /// <inheritdoc/>
    public string NameOf(int index) => sources[index].Id;

    /// <inheritdoc/>
    public Sample Read(int index, Workspace workspace) => store.Read(sources[index], workspace);

    /// <summary>Writes a case.</summary>
    /// <returns>The case, and where it comes from.</returns>
    public (StoredCase Case, JsonObject Origin) Make(ExtraCase extra, CaseStoreWriter writer, Workspace workspace)
    {
        var recipe = _plan.Augment[extra.Recipe];
        var id = extra.IdIn(_plan);
        var steps = new List<AugmentationStep>();
        var sample = _pipelines[extra.Recipe].Run(
            Cut(extra, workspace), RandomStream.For(_plan.Seed, "extra", recipe.Name, extra.Source.Id, extra.Copy), workspace, this, steps);
        if (sample.Second is not null)
        {
            throw new ConfigurationException($"augment[{extra.Recipe}].transforms makes soft labels (MixUp), which a case cannot hold. Move it to train.augment.");
        }

        string[] from = [extra.Source.Id, .. steps.SelectMany(s => Mixed(extra.Recipe, s)).Distinct().Where(n => n != extra.Source.Id)];
        var source = extra.Source.Source with
        {
            Id = id,
            Metadata = new Dictionary<string, string>(extra.Source.Source.Metadata) { ["made_of"] = string.Join(", ", from), ["made_by"] = recipe.Name },
        };
        var stored = new StoredCase(source, sample.Image.Frame, sample.Image.Frame, Labelled: true);
        writer.Write(stored, sample.Image, sample.Labels, sample.Labels.ToMasks());
        return (stored, Origin(extra, id, from, steps));
    }

    private IEnumerable<string> Mixed(int recipe, AugmentationStep step) =>
        _pipelines[recipe].At(step.Place) is MixingAugmentation mixing ? mixing.Others(step.Draw).Select(NameOf) : [];

    private JsonObject Origin(ExtraCase extra, string id, string[] from, List<AugmentationStep> steps)
    {
        var origin = new JsonObject
        {
            ["id"] = id,
            ["made_by"] = _plan.Augment[extra.Recipe].Name,
            ["made_of"] = new JsonArray([.. from.Select(f => (JsonNode)f)]),
            ["fold"] = fold,                                        // of which all of them are training cases
        };
        if (extra.Cut is { } cut)
        {
            origin["cut"] = new JsonObject { ["top"] = cut.Top, ["left"] = cut.Left, ["height"] = cut.Size.Height, ["width"] = cut.Size.Width };
        }

        origin["steps"] = new JsonArray([.. steps.Select(s => (JsonNode)s.ToString())]);
        return origin;
    }

    private Sample Cut(ExtraCase extra, Workspace workspace)
    {
        if (extra.Cut is not { } cut)
        {
            var whole = store.Read(extra.Source, workspace);
            return GeometryRun.Apply(whole, [Resized(new Box(0, 0, whole.Image.Frame), extra.Output)], workspace);
        }

        var original = new Sample(_format.ReadImage(session.SourceRoot, extra.Source.Source), LabelMap.FromMasks(store.ReadTruth(extra.Source)));
        return GeometryRun.Apply(original, [Resized(cut, extra.Output)], workspace);
    }

    // As Convert: by area where it becomes smaller.
    private static GridResize Resized(Box cut, Frame output) => new(
        cut.Top, cut.Left, cut.Size, output, output.Height < cut.Size.Height ? Interpolation.Area : Interpolation.Linear);
}
