using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using Osteon.Torch;

namespace Osteon.Runner;

/// <summary>A line of the list of models.</summary>
/// <param name="Name">As experiments name it.</param>
/// <param name="Dll">The plugin it is in.</param>
/// <param name="Parameters">Of an encoder of three channels and all its stages, or of an architecture with its usual encoder and one class; null where options decide.</param>
/// <param name="Channels">Of an encoder's maps.</param>
/// <param name="Strides">Of an encoder's maps.</param>
/// <param name="Encoder">The encoder that an architecture was counted with; null for one that has none.</param>
public sealed record ModelLine(string Name, string Dll, long? Parameters, IReadOnlyList<int> Channels, IReadOnlyList<int> Strides, string? Encoder = null);

/// <summary>Architectures and encoders as they are, without an experiment.</summary>
/// <param name="plugins">All there are.</param>
public sealed class ModelZoo(PluginCatalog plugins)
{
    private static readonly string[] s_usualEncoders = ["resnet34", "mit_b0", "tu-vit_base_patch16_224"];

    // Networks are of shared blocks too, which a plugin's digest does not know.
    private static readonly string s_blocks = $"{typeof(PretrainedWeights).Module.ModuleVersionId}";

    /// <summary>A file that remembers what was counted, by the plugin's digest; null for none.</summary>
    public string? Memory { get; init; }

    /// <summary>Encoders, by name.</summary>
    /// <param name="filter">Part of the name; null for all.</param>
    public IReadOnlyList<ModelLine> Encoders(string? filter) => Remembered(PluginKind.Of<Encoder>(), filter, name =>
    {
        using var encoder = Deepest(name);
        return new ModelLine(name, string.Empty, encoder.parameters().Sum(p => p.numel()), encoder.Channels, encoder.Strides);
    });

    /// <summary>Architectures, by name, each with its usual encoder.</summary>
    /// <param name="filter">Part of the name; null for all.</param>
    public IReadOnlyList<ModelLine> Architectures(string? filter) => Remembered(PluginKind.Of<Architecture>(), filter, name =>
    {
        foreach (var usual in s_usualEncoders.Where(plugins.Names(PluginKind.Of<Encoder>()).Contains))
        {
            try
            {
                var asked = false;
                using var network = plugins.Create<Architecture>(new Choice(name)).Build(new NetworkShape(3, 1), options =>
                {
                    asked = true;
                    return Encoder(usual, options, 3);
                });
                return new ModelLine(name, string.Empty, network.parameters().Sum(p => p.numel()), [], [], asked ? usual : null);
            }
            catch (ConfigurationException)
            {
                // The next encoder may go with it; what goes with none has options that must be written.
            }
        }

        return new ModelLine(name, string.Empty, null, [], []);
    });

    /// <summary>A summary of ARCHITECTURE/ENCODER, or of ARCHITECTURE where it brings its own layers.</summary>
    /// <param name="model">The two names with '/' between them; options are their defaults.</param>
    /// <param name="channels">Image channels.</param>
    /// <param name="classes">Logit channels.</param>
    /// <param name="image">Height and width.</param>
    /// <exception cref="ConfigurationException">A name is unknown, or the two do not go together.</exception>
    public NetworkSummary Summary(string model, int channels, int classes, Frame image)
    {
        var (architecture, encoder) = model.Split('/', 2) is [var left, var right] ? (left, right) : (model, null);
        using var network = plugins.Create<Architecture>(new Choice(architecture)).Build(new NetworkShape(channels, classes), options =>
            Encoder(encoder ?? throw new ConfigurationException($"architecture '{architecture}' needs an encoder: --model={architecture}/resnet34, or another that --target=Models lists."), options, channels));
        return NetworkSummary.Of(network, image, channels);
    }

    /// <summary>Summaries of an experiment's models, with their options.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="model">One of its models; null for all.</param>
    /// <param name="image">Height and width.</param>
    /// <param name="depth">How deep parts are shown.</param>
    /// <exception cref="ConfigurationException">There is no such model, or it cannot be built.</exception>
    public static IEnumerable<string> Summaries(ExperimentSession session, string? model, Frame image, int depth)
    {
        var known = session.Plan.Models.Keys.ToArray();
        if (model is not null && !known.Contains(model))
        {
            throw new ConfigurationException($"--model={model}: the experiment has no such model{Nearest.Hint(model, known)}. It has {string.Join(", ", known)}.");
        }

        foreach (var (name, plan) in session.Plan.Models.Where(entry => model is null || entry.Key == model))
        {
            using var network = new NetworkFactory(session, plan).Build(session.OutputCount);
            foreach (var line in NetworkSummary.Of(network, image, session.NetworkChannels).Lines(depth).Prepend($"models.{name}"))
            {
                yield return line;
            }
        }
    }

    // Five maps, or as many blocks of a vision transformer as DPT joins.
    private Encoder Deepest(string name) => Encoder(name, new EncoderOptions { Depth = IsOfBlocks(name) ? 4 : 5 }, 3);

    private bool IsOfBlocks(string encoder) => typeof(BlockEncoderOptions).IsAssignableFrom(plugins.OptionsTypeOf<Encoder>(encoder));

    private Encoder Encoder(string name, EncoderOptions options, int channels) =>
        plugins.Create<Encoder>(new Choice(name), PlanSlices.Json(options with { InChannels = channels }));

    private List<ModelLine> Remembered(PluginKind kind, string? filter, Func<string, ModelLine> count)
    {
        var memory = Memory is not null && File.Exists(Memory) ? File.ReadLines(Memory).Select(line => line.Split('\t')).Where(cells => cells.Length == 7).ToDictionary(cells => string.Join('\t', cells[..3])) : [];
        var (lines, fresh) = (new List<ModelLine>(), 0);
        using var skip = Undrawn.Scope();
        foreach (var name in plugins.Names(kind).Where(name => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            var key = $"{kind}\t{name}\t{plugins.Digest(kind, name)[..16]} {s_blocks}";
            if (!memory.TryGetValue(key, out var cells) || Line(cells) is not { } line)
            {
                line = count(name);
                memory[key] = [.. key.Split('\t'), line.Parameters?.ToString(CultureInfo.InvariantCulture) ?? "-", string.Join(' ', line.Channels), string.Join(' ', line.Strides), line.Encoder ?? "-"];
                fresh++;
            }

            lines.Add(line with { Dll = Path.GetFileName(plugins.All.First(plugin => plugin.Claims.Any(claim => claim.Kind == kind && claim.Name == name)).File) });
        }

        if (Memory is not null && fresh > 0)
        {
            AtomicFile.WriteAllText(Memory, string.Concat(memory.Values.Select(cells => string.Join('\t', cells) + "\n")));
        }

        return lines;
    }

    private static ModelLine? Line(string[] cells)
    {
        int[]? channels = Numbers(cells[4]), strides = Numbers(cells[5]);
        var counted = long.TryParse(cells[3], NumberStyles.None, CultureInfo.InvariantCulture, out var parameters);
        return channels is null || strides is null || (!counted && cells[3] != "-") ? null : new ModelLine(cells[1], string.Empty, counted ? parameters : null, channels, strides, cells[6] == "-" ? null : cells[6]);
    }

    private static int[]? Numbers(string cell)
    {
        var numbers = cell.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        return numbers.Contains(-1) ? null : numbers;
    }
}
