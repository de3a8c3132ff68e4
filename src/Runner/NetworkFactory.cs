using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Torch;

namespace Osteon.Runner;

/// <summary>Builds a model of the plan out of plugins.</summary>
public sealed class NetworkFactory(ExperimentSession session, ModelPlan model)
{
    private readonly Architecture _architecture = session.Plugins.Create<Architecture>(model.Architecture,
        new JsonObject(ArchitectureFiles(session, model).Select(file => KeyValuePair.Create(file.Option, (JsonNode?)file.Path))));

    /// <summary>A new network; the caller disposes it.</summary>
    /// <param name="classes">Logit channels.</param>
    /// <param name="headBias">Where logits start; null where weights are loaded anyway.</param>
    public Network Build(int classes, IReadOnlyList<double>? headBias = null) =>
        Build(classes, headBias, CreateEncoder);

    /// <summary>A network to train: as built, or with the weights the plan starts it from.</summary>
    /// <exception cref="DataException">The plan names weights that cannot be read or do not fit.</exception>
    public Network BuildToTrain(int classes, IReadOnlyList<double>? headBias = null)
    {
        Encoder? encoder = null;
        var network = Build(classes, headBias, options => encoder = CreateEncoder(options));
        var start = StartingWeights.Of(session, model);
        if (start.Encoder is { } pretrained)
        {
            PretrainedWeights.Load(encoder ?? PretrainedWeights.BackboneOf(network) ?? throw new ConfigurationException($"architecture '{model.Architecture.Name}' takes no encoder, but encoder_weights names weights for one. Remove that line."), pretrained);
        }

        if (start.Network is { } whole)
        {
            Weights.Load(network, whole);
        }

        return network;
    }

    /// <summary>A network to predict with. It keeps no copy of its weights but what it makes of them: see <see cref="Weights.Adopt"/>.</summary>
    /// <param name="classes">Logit channels.</param>
    /// <param name="weights">A trained one's; not shortened while the network lives.</param>
    /// <param name="fuse">Whether normalisations and branches are folded into convolutions.</param>
    /// <exception cref="DataException">The weights cannot be read or do not fit.</exception>
    /// <exception cref="ConfigurationException">Folded, the network would not give the same logits.</exception>
    public Network BuildToPredict(int classes, string weights, bool fuse)
    {
        Encoder? encoder = null;
        Network network;
        using (Undrawn.Scope())
        {
            network = Build(classes, null, options => encoder = CreateEncoder(options));
        }

        Weights.Adopt(network, weights);
        if (fuse)
        {
            network = encoder is IReparameterizable branched ? Fusion.Unbranched(network, branched, single => Build(classes, null, single)) : network;
            Fusion.Fold(network, session.NetworkChannels);
        }

        return network;
    }

    /// <summary>The files a model is trained from, by what a unit calls them.</summary>
    public static IEnumerable<(string Input, string Path)> FilesToTrain(ExperimentSession session, ModelPlan model) =>
        new[] { ("weights", StartingWeights.Of(session, model).Network), ("encoder_weights", StartingWeights.Of(session, model).Encoder) }
            .Where(file => file.Item2 is not null).Select(file => (file.Item1, file.Item2!)).Concat(FilesToBuild(session, model));

    /// <summary>The files that make up a model's network, by what a unit calls them.</summary>
    public static IEnumerable<(string Input, string Path)> FilesToBuild(ExperimentSession session, ModelPlan model) =>
        ArchitectureFiles(session, model).Select(file => ($"architecture.{file.Option}", file.Path));

    /// <summary>A model's part of a unit's facts; where its files lie is not one of them, what they hold is an input, and so are its images with their size.</summary>
    public static JsonObject FactsOf(ExperimentSession session, ModelPlan model)
    {
        var options = (JsonObject)model.Architecture.Options.DeepClone();
        foreach (var (option, _) in ArchitectureFiles(session, model))
        {
            options.Remove(option);
        }

        var facts = PlanSlices.Json(model with { Weights = null, EncoderWeights = null, Normalize = null, Size = null, Architecture = model.Architecture with { Options = options } });
        switch (NormalizeOf(session, model))
        {
            case ZScoreOptions { Epsilon: null, Clip: null }:
                break;                                              // of z-scores nothing was said before there was a choice
            case FixedOptions line:
                facts["normalize"] = PlanSlices.Json(line);
                break;
            case var other:
                facts["normalize"] = new JsonObject { [Names.NameOf(other)] = PlanSlices.Json(other) };
                break;
        }

        return facts;
    }

    /// <summary>What a model's images are normalised with.</summary>
    public static NormalizeOptions NormalizeOf(ExperimentSession session, ModelPlan model) => StartingWeights.Of(session, model).Normalize;

    /// <summary>The plugins whose code makes a model's network.</summary>
    public static IEnumerable<(PluginKind Kind, string Name)> PluginsOf(ModelPlan model)
    {
        yield return (PluginKind.Of<Architecture>(), model.Architecture.Name);
        if (model.Encoder is { } encoder)
        {
            yield return (PluginKind.Of<Encoder>(), encoder.Name);
        }
    }

    private static IEnumerable<(string Option, string Path)> ArchitectureFiles(ExperimentSession session, ModelPlan model) =>
        from option in session.Plugins.FileOptions<Architecture>(model.Architecture.Name)
        let written = model.Architecture.Options[option] as JsonValue
        where written is not null && written.TryGetValue(out string? text) && text.Length > 0
        select (option, PathOf(session, written.GetValue<string>())!);

    private static string? PathOf(ExperimentSession session, string? file) => file is null ? null : Path.GetFullPath(file, session.Options.Root);

    private Network Build(int classes, IReadOnlyList<double>? headBias, EncoderFactory encoder) =>
        _architecture.Build(new NetworkShape(session.NetworkChannels, classes) { HeadBias = headBias }, encoder);

    private Encoder CreateEncoder(EncoderOptions options)
    {
        var choice = model.Encoder ?? throw new ConfigurationException(
            $"models: architecture '{model.Architecture.Name}' needs an encoder. Add 'encoder: resnet18', or another that --target=Plugins lists.");
        return session.Plugins.Create<Encoder>(choice, PlanSlices.Json(options with { InChannels = session.NetworkChannels }));
    }
}
