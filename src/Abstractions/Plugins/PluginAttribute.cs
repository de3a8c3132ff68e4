namespace Osteon.Abstractions;

/// <summary>
/// Names a plugin class so that an experiment can ask for it. A class may carry several names (variants of one family); the
/// one asked for reaches it in its options. Names are read from metadata, before any code of the DLL runs.
/// </summary>
/// <remarks>
/// A plugin class has one public constructor: no parameter, or one options record. Options records have a parameterless
/// constructor, <c>init</c> properties with their defaults beside them, and doc comments; a property is written in YAML in
/// snake_case (<c>BrightnessLimit</c> → <c>brightness_limit</c>). What an option allows is said by <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/> and
/// <c>required</c>, and told with line and column; a constructor refuses the rest with a <see cref="ConfigurationException"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class PluginAttribute(string name) : Attribute
{
    /// <summary>The name in YAML, exactly as the field writes it.</summary>
    public string Name { get; } = name;
}

/// <summary>Names an <see cref="Encoder"/>: SMP's or timm's name, e.g. resnet50.</summary>
public sealed class EncoderAttribute(string name) : PluginAttribute(name);

/// <summary>Names an <see cref="Architecture"/>: SMP's name, e.g. UnetPlusPlus.</summary>
public sealed class ArchitectureAttribute(string name) : PluginAttribute(name);

/// <summary>Names an <see cref="Augmentation"/>: Albumentations' name, e.g. HorizontalFlip.</summary>
public sealed class AugmentationAttribute(string name) : PluginAttribute(name);

/// <summary>Names a <see cref="Loss"/>, e.g. Dice.</summary>
public sealed class LossAttribute(string name) : PluginAttribute(name);

/// <summary>Names a <see cref="DatasetFormat"/>, e.g. hand-bone.</summary>
public sealed class FormatAttribute(string name) : PluginAttribute(name);

/// <summary>Names a <see cref="DatasetWriter"/>: that of the format which reads what it writes, e.g. nnunet.</summary>
public sealed class WriterAttribute(string name) : PluginAttribute(name);

/// <summary>Names a <see cref="Synthesizer"/>, e.g. hand-bone.</summary>
public sealed class SynthesizerAttribute(string name) : PluginAttribute(name);

/// <summary>Names a <see cref="PostProcessor"/>, e.g. LargestComponent.</summary>
public sealed class PostProcessorAttribute(string name) : PluginAttribute(name);
