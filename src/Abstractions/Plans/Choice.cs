using System.Text.Json.Nodes;

namespace Osteon.Abstractions;

/// <summary>
/// A plugin asked for by name, with its options as they stand in the experiment. Written in YAML as <c>Name</c>,
/// <c>Name: {option: value}</c>, or, where a weight is meant, <c>Name: 0.5</c> (kept as the option "weight").
/// </summary>
/// <param name="Name">The plugin's name.</param>
/// <param name="Options">Keys in snake_case; empty when none are given.</param>
public sealed record Choice(string Name, JsonObject Options)
{
    /// <summary>A plugin with its defaults.</summary>
    public Choice(string name)
        : this(name, [])
    {
    }

    /// <summary>The option "weight", 1 when absent or no weight at all, which the plan's rules refuse.</summary>
    public StagedWeight Weight => Options["weight"] is { } written && StagedWeight.Read(written) is { } weight ? weight : new StagedWeight(1);
}
