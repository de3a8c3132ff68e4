using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner.Configuration;

namespace Osteon.Runner;

/// <summary>What a model starts from: a file of the whole network, one of its encoder, a published set, or nothing; and the normalisation that goes with it.</summary>
public sealed class StartingWeights
{
    private static readonly string[] s_endings = [".safetensors", ".pth", ".pt", ".bin"];
    private readonly ExperimentSession _session;
    private readonly ModelPlan _model;

    private StartingWeights(ExperimentSession session, ModelPlan model) => (_session, _model) = (session, model);

    /// <summary>A model's, none of it looked for yet.</summary>
    public static StartingWeights Of(ExperimentSession session, ModelPlan model) => new(session, model);

    /// <summary>The whole network's file, or null.</summary>
    public string? Network => IsFile(_model.Weights) ? PathOf(_model.Weights!) : null;

    /// <summary>The published set the encoder, or the architecture's own backbone, starts from, or null.</summary>
    /// <exception cref="ConfigurationException">There is no such set.</exception>
    public PublishedWeights? Published => NameIn(_model) is { } name && StartsFromSets(_model, _session.PublishedWeights) ? _session.PublishedWeights.Find(OwnerOf(_model), name) : null;

    /// <summary>The encoder's file, or null.</summary>
    /// <exception cref="ConfigurationException">It is a published set's, and not on this machine.</exception>
    public string? Encoder => Published is { } set ? _session.WeightStore.Require(set)
        : IsFile(_model.EncoderWeights) ? PathOf(_model.EncoderWeights!)
        : null;

    /// <summary>What images are normalised with: as the plan says for the model, else as its list of augmentations ends, else as the published set was trained, else by each image's own mean and deviation.</summary>
    /// <exception cref="ConfigurationException">The set that the plan means is not known.</exception>
    public NormalizeOptions Normalize => (_model.Normalize is { } choice ? Bound(choice) : null) switch
    {
        null => ListedNormalization.Of(_session.Plan, _session.Plugins) ?? Published?.Normalize ?? NormalizeOptions.ZScore,
        PublishedOptions { Weights: var name, Max: var max } => SetFor(name).Normalize with { Max = max },
        var own => own,
    };

    /// <summary>Whether the encoder starts from a file of whatever training, and the plan does not say how it wants its images.</summary>
    public bool IsOfUnknownNormalization => IsFile(_model.EncoderWeights) && _model is { Normalize: null, Encoder: not null } && Published is null && ListedNormalization.Of(_session.Plan, _session.Plugins) is null;

    /// <summary>Whether a value names a file rather than a set.</summary>
    public static bool IsFile(string? written) => written is not null && s_endings.Contains(Path.GetExtension(written), StringComparer.OrdinalIgnoreCase);

    /// <summary>What a value that is neither a file nor a name is told.</summary>
    public static string Expected { get; } = $"expected the name of a published set, e.g. imagenet, or a file that ends in {string.Join(", ", s_endings)}";

    /// <summary>What is wrong with what models start from and are normalised with, each with its place; no file is looked for.</summary>
    public static IReadOnlyList<string> Faults(LoadedPlan loaded, WeightCatalog catalog)
    {
        var faults = new Faults();
        foreach (var (name, model) in loaded.Plan.Models)
        {
            foreach (var (key, written) in new[] { ("weights", model.Weights), ("encoder_weights", model.EncoderWeights) })
            {
                var path = $"models.{name}.{key}";
                if (written is null || IsFile(written))
                {
                    continue;
                }

                if (!StartsFromSets(model, catalog))
                {
                    faults.Add(loaded.MarkOf(path), path, $"is '{written}', a published set for an encoder, and there is none. Name a file that ends in {string.Join(", ", s_endings)}, or add an encoder.");
                }
                else if (catalog.WhyNot(OwnerOf(model), written) is { } reason)
                {
                    faults.Add(loaded.MarkOf(path), path, $"'{written}' {reason}");
                }
            }

            if (NameIn(model) is not null && model is { Weights: not null, EncoderWeights: not null } && !IsFile(model.Weights))
            {
                faults.Add(loaded.MarkOf($"models.{name}.weights"), $"models.{name}.weights", $"is '{model.Weights}', a set for the encoder, and encoder_weights names one too. Remove one of the two.");
            }

            Normalization(loaded, catalog, name, model, faults);
        }

        return faults.Lines();
    }

    private static void Normalization(LoadedPlan loaded, WeightCatalog catalog, string name, ModelPlan model, Faults faults)
    {
        if (model.Normalize is not { } choice)
        {
            return;
        }

        var path = $"models.{name}.normalize";
        var before = faults.Count;
        var bound = new RecordBinder(faults).Kind(typeof(NormalizeOptions), choice.Name, loaded.MarkOf(path), loaded.Find($"{path}.{choice.Name}") as MapNode ?? Node.From(choice.Options, loaded.MarkOf(path)), path);
        if (faults.Count > before || bound is not PublishedOptions { Weights: var wanted })
        {
            return;
        }

        var set = wanted ?? NameIn(model);
        var reason = (set, StartsFromSets(model, catalog)) switch
        {
            (null, _) => "is Published, but the model starts from no published set. Name one: {Published: {weights: imagenet}}.",
            (_, false) => "is Published, but the model has no encoder.",
            var (named, _) => catalog.WhyNot(OwnerOf(model), named) is { } why ? $"names weights '{named}', which {why}" : null,
        };
        if (reason is not null)
        {
            faults.Add(loaded.MarkOf(path), path, reason);
        }
    }

    // Tables list sets of encoders, and of architectures that build their encoder themselves.
    private static string OwnerOf(ModelPlan model) => model.Encoder?.Name ?? model.Architecture.Name;

    private static bool StartsFromSets(ModelPlan model, WeightCatalog catalog) => model.Encoder is not null || catalog.Of(model.Architecture.Name).Count > 0;

    private static string? NameIn(ModelPlan model) =>
        model.EncoderWeights is { } own && !IsFile(own) ? own : model.Weights is { } either && !IsFile(either) ? either : null;

    private static NormalizeOptions Bound(Choice choice) => OptionsBinder.Bind<NormalizeOptions>("normalize", choice);

    private PublishedWeights SetFor(string? name) => name is null
        ? Published ?? throw new ConfigurationException("normalize is Published, but the model starts from no published set.")
        : _session.PublishedWeights.Find(OwnerOf(_model), name);

    private string PathOf(string file) => Path.GetFullPath(file, _session.Options.Root);
}
