namespace Osteon.Abstractions;

/// <summary>
/// Marks an architecture's option, a string, as the name of a file that makes up the network. An experiment writes it relative to
/// the project's root; the plugin gets the full path. What the file holds, and not where it lies, is part of every unit's key.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputFileAttribute : Attribute;
