namespace Osteon.Runner;

/// <summary>The stages, in the order data flows.</summary>
public static class Stages
{
    private static readonly string[] Names = ["Synthesize", "Convert", "Check", "Split", "Augment", "Train", "Infer", "Ensemble", "Report"];

    /// <summary>Names in order; --from means this one and all after it.</summary>
    public static IReadOnlyList<string> Order => Names;

    /// <summary>A stage's place, or −1.</summary>
    public static int IndexOf(string stage) => Array.FindIndex(Names, name => string.Equals(name, stage, StringComparison.OrdinalIgnoreCase));
}
