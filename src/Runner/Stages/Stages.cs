namespace Osteon.Runner;

/// <summary>The stages, in the order data flows.</summary>
public static class Stages
{
    /// <summary>All that a report rests on; Explore stands aside.</summary>
    public static IReadOnlyList<Stage> All { get; } =
        [new SynthesizeStage(), new ConvertStage(), new LabelStage(), new CheckStage(), new SplitStage(), new AugmentStage(), new InputStage(), new TrainStage(), new ValidateStage(), new InferStage(), new EnsembleStage(), new ReportStage()];

    /// <summary>Names in order; --from means this one and all after it.</summary>
    public static IReadOnlyList<string> Order { get; } = [.. All.Select(stage => stage.Name)];

    /// <summary>A stage's place, or −1.</summary>
    public static int IndexOf(string stage) => Order.ToList().FindIndex(name => string.Equals(name, stage, StringComparison.OrdinalIgnoreCase));
}
