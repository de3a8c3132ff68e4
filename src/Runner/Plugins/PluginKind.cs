using Osteon.Abstractions;

namespace Osteon.Runner.Plugins;

/// <summary>An extension point: the attribute that names its plugins, and the contract they fulfil.</summary>
/// <param name="Name">For messages and lists, e.g. "encoder".</param>
/// <param name="Attribute">Derives from <see cref="PluginAttribute"/>.</param>
/// <param name="Contract">What the plugin's class derives from.</param>
public sealed record PluginKind(string Name, Type Attribute, Type Contract)
{
    /// <summary>All extension points.</summary>
    public static IReadOnlyList<PluginKind> All { get; } =
    [
        new("format", typeof(FormatAttribute), typeof(DatasetFormat)),
        new("writer", typeof(WriterAttribute), typeof(DatasetWriter)),
        new("synthesizer", typeof(SynthesizerAttribute), typeof(Synthesizer)),
        new("encoder", typeof(EncoderAttribute), typeof(Encoder)),
        new("architecture", typeof(ArchitectureAttribute), typeof(Architecture)),
        new("loss", typeof(LossAttribute), typeof(Loss)),
        new("augmentation", typeof(AugmentationAttribute), typeof(Augmentation)),
        new("post-processor", typeof(PostProcessorAttribute), typeof(PostProcessor)),
    ];

    /// <summary>The extension point of a contract.</summary>
    public static PluginKind Of<T>() => All.FirstOrDefault(k => k.Contract == typeof(T))
        ?? throw new ArgumentException($"{typeof(T).Name} is no extension point.");

    /// <summary>Keys of a plugin's options that an experiment may not write, and who gives them.</summary>
    internal IReadOnlyDictionary<string, string> Given { get; } = Contract == typeof(Encoder)
        ? new Dictionary<string, string>
        {
            ["name"] = "the encoder's name",
            ["in_channels"] = "train.in_channels",
            ["depth"] = "the architecture",
            ["output_stride"] = "the architecture",
        }
        : new Dictionary<string, string> { ["name"] = $"the {Name}'s name" };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
