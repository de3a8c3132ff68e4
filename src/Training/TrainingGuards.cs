using System.Globalization;
using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>What stops a training that has gone wrong, with the cases it went wrong on and what to try.</summary>
internal sealed class TrainingGuards(TrainJob job, string checkpoints)
{
    private const int Named = 8;
    private const int FewestEpochs = 20;
    private IReadOnlyList<string>? _before;

    /// <summary>Targets are shares of a class: 0, 1, or between where images were mixed.</summary>
    public void Targets(Batch batch, TrainState state)
    {
        if (batch.TargetsOutside is { } @case)
        {
            throw new ConfigurationException(
                $"Targets of case {@case} lie outside [0, 1] {Place(state)}, {On(batch)}: an augmentation has mixed in a second image by a share outside [0, 1]. Mend or remove it in train.augment. {Kept(state)}");
        }
    }

    /// <summary>The loss is a number.</summary>
    /// <param name="loss">Of this step.</param>
    /// <param name="batch">Its batch.</param>
    /// <param name="state">Before it.</param>
    /// <param name="network">Whose weights may be the cause.</param>
    /// <param name="broken">Names the losses that are none.</param>
    public void Finite(double loss, Batch batch, TrainState state, Network network, Func<IReadOnlyList<string>> broken)
    {
        if (double.IsFinite(loss))
        {
            return;
        }

        var weights = WeightsAreFinite(network) ? "" : $"The weights were none already: the step before{(_before is null ? "" : $", on cases {Some(_before)},")} has broken them. ";
        throw new ConfigurationException(
            $"The training loss became {loss} ({string.Join(", ", broken())}) {Place(state)}, {On(batch)}. {weights}" +
            $"Lower train.optimizer's lr, set train.gradient_clip_val, or look at these cases. {Kept(state)}");
    }

    /// <summary>The loss has not run away.</summary>
    /// <param name="batch">Of the step that was taken.</param>
    /// <param name="state">After it.</param>
    public void Converging(Batch batch, TrainState state)
    {
        _before = batch.Cases;
        var trend = state.Trend;
        if (trend.TooHigh >= job.Plan.Guards.DivergenceSteps)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture,
                $"Training diverges: the loss, smoothed, is {trend.Smoothed:G4}, and has been above {job.Plan.Guards.DivergenceFactor:G4} times its lowest, {trend.Lowest:G4}, for {trend.TooHigh} steps {Place(state with { Step = state.Step - 1 })}, {On(batch)}. ")
                + $"Lower train.optimizer's lr, give train.schedule a warmup, set train.gradient_clip_val, or allow more by train.guards.divergence_factor. {Kept(state)}");
        }
    }

    /// <summary>Classes that validation cases have are predicted at times.</summary>
    /// <param name="state">Between two epochs.</param>
    /// <returns>What people should know of classes that have just died; null in most cases.</returns>
    /// <exception cref="ConfigurationException">There is nothing left to learn, or one class is enough.</exception>
    public string? Alive(TrainState state)
    {
        var epochs = job.Plan.Guards.DeadClassEpochs ?? Math.Max(FewestEpochs, (job.Plan.Epochs + 1) / 2);
        if (epochs == 0 || state.History.Count < epochs)
        {
            return null;
        }

        var recent = state.History.Skip(state.History.Count - epochs).ToArray();
        int[] dead = [.. recent[0].Unpredicted.Where(k => recent.All(e => e.Unpredicted.Contains(k)))];
        if (dead.Length == 0)
        {
            return null;
        }

        var span = $"{epochs} epoch{(epochs == 1 ? "" : "s")} on end";
        if (job.Plan.Guards.DeadClass == DeadClassAction.Stop || Living(dead) <= (job.Mode == LabelMode.Multiclass ? 1 : 0))
        {
            throw new ConfigurationException(
            [
                .. dead.Select(k => $"Class '{job.Classes[k]}' is dead: it has been predicted on no validation case for {span}, while cases {Some(Having(k))} have it."),
                $"Training stops in epoch {state.Epoch}, step {state.LastStep}, on cases {Some(state.LastCases)}. Try {Cures}; or go on with train.guards.dead_class_epochs: 0. {Kept(state)}",
            ]);
        }

        int[] fresh = [.. dead.Where(k => state.History.Count == epochs || !state.History[^(epochs + 1)].Unpredicted.Contains(k))];
        return fresh.Length == 0 ? null
            : $"predicted on no validation case for {span}: {string.Join(", ", fresh.Select(k => $"{job.Classes[k]} ({Having(k).Count} of {job.Validation.Count} have it)"))}. Training goes on. Try {Cures}.";
    }

    private string Cures => $"train.class_weights: balanced, train.sampler: ClassBalanced{(job.Images is null ? ", train.foreground with a crop, or Dice among train.loss" : ", or Focal among train.loss")}";

    // Classes that validation cases have, less those that are dead.
    private int Living(int[] dead) => Enumerable.Range(0, job.Classes.Count).Except(dead).Count(k => Having(k).Count > 0);

    private List<string> Having(int k) =>
        [.. job.Validation.Where(c => TrainingGoal.Of(job).Has(c, k)).Select(c => c.Id)];

    private static bool WeightsAreFinite(Network network)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return network.parameters().All(p => p.isfinite().all().item<bool>());
    }

    private string Kept(TrainState state) => state.Epoch > 0 || Directory.Exists(checkpoints) && Directory.EnumerateDirectories(checkpoints).Any()
        ? $"The newest checkpoint stays in {checkpoints}."
        : "No epoch was finished before.";

    private static string Place(TrainState state) => $"in epoch {state.Epoch + 1}, step {state.Step + 1}";

    private static string On(Batch batch) => $"on cases {string.Join(", ", batch.Cases)}";

    private static string Some(IReadOnlyList<string> cases) =>
        string.Join(", ", cases.Take(Named)) + (cases.Count > Named ? $" and {cases.Count - Named} more" : "");
}
