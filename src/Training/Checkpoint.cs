using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Where a run stands between two steps, beside weights and optimiser state.</summary>
public sealed record TrainState
{
    /// <summary>The epoch under way, from 0; equal to the epoch count when training is over.</summary>
    public int Epoch { get; init; }

    /// <summary>Steps of it that are done.</summary>
    public int Step { get; init; }

    /// <summary>Sum of the epoch's losses so far, each times its batch's samples.</summary>
    public double LossSum { get; init; }

    /// <summary>Samples in that sum.</summary>
    public int Samples { get; init; }

    /// <summary>The best epoch so far, from 1; 0 before the first validation.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Finished epochs.</summary>
    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>Where the training loss stands, smoothed.</summary>
    public LossTrend Trend { get; init; } = new();

    /// <summary>Cases of the last batch, and its step, from 1.</summary>
    public IReadOnlyList<string> LastCases { get; init; } = [];

    /// <inheritdoc cref="LastCases"/>
    public int LastStep { get; init; }

    /// <summary>Whether some of an update's batches are done, and not all: their gradients are part of the checkpoint.</summary>
    public bool IsAccumulating { get; init; }

    /// <summary>Updates of the weights' average.</summary>
    public long AverageUpdates { get; init; }

    /// <summary>Where the schedule stands, rates included.</summary>
    public IReadOnlyDictionary<string, double> Schedule { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the gradient scaler stands; empty without one.</summary>
    public IReadOnlyDictionary<string, double> Scaler { get; init; } = new Dictionary<string, double>();
}

/// <summary>
/// A run's state on disk: a folder of model.safetensors, optimizer.safetensors and state.json, ema.safetensors where weights are
/// averaged, and gradients.safetensors between batches of one update; made beside and renamed, so that whichever folder has its final name is whole. The best epoch's weights lie next to it and are only replaced once a
/// checkpoint refers to the newer ones.
/// </summary>
public sealed class Checkpoint(string folder)
{
    private const string WeightsFile = "model.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string AverageFile = "ema.safetensors";
    private const string GradientsFile = "gradients.safetensors";
    private const string StateFile = "state.json";

    // A validation loss may be infinite without an end to training.
    private static readonly JsonSerializerOptions Layout = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The newest whole checkpoint's state, or null; what kills left half-made is removed.</summary>
    /// <param name="learner">Gets weights, moments, rates and scale, in place.</param>
    /// <exception cref="DataException">A file of the checkpoint is damaged; the learner is then of no use.</exception>
    public TrainState? Restore(Learner learner)
    {
        OutputFolder.Create(folder);
        foreach (var torn in Directory.EnumerateDirectories(folder, "*.partial"))
        {
            Directory.Delete(torn, recursive: true);
        }

        if (Newest() is not { } newest)
        {
            return null;
        }

        var state = ReadState(Path.Combine(newest, StateFile));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Weights.Load(learner.Network, Path.Combine(newest, WeightsFile));
        Fitting(newest, OptimizerFile, path => learner.Optimizer.load_state_dict(SafeTensors.Read(path)));
        Fitting(newest, StateFile, _ => learner.Schedule.load_state_dict(state.Schedule));
        Fitting(newest, StateFile, _ => learner.Scaler.load_state_dict(state.Scaler));
        if (learner.Average is { } average)
        {
            Weights.Load(average.Network, Path.Combine(newest, AverageFile));
            average.Updates = state.AverageUpdates;
        }

        if (state.IsAccumulating)
        {
            Fitting(newest, GradientsFile, path => SetGradients(learner.Network, SafeTensors.Read(path)));
        }

        return state;
    }

    /// <summary>Writes a checkpoint and removes the ones before it.</summary>
    public void Save(Learner learner, TrainState state)
    {
        var home = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{state.Epoch:D5}-step-{state.Step:D7}"));
        var partial = $"{home}.partial";
        OutputFolder.Create(partial);
        SafeTensors.Write(Path.Combine(partial, WeightsFile), learner.Network.state_dict());
        using (NewDisposeScope())
        {
            SafeTensors.Write(Path.Combine(partial, OptimizerFile), learner.Optimizer.state_dict());
            if (state.IsAccumulating)
            {
                SafeTensors.Write(Path.Combine(partial, GradientsFile), GradientsOf(learner.Network));
            }
        }

        if (learner.Average is { } average)
        {
            SafeTensors.Write(Path.Combine(partial, AverageFile), average.Network.state_dict());
        }

        var whole = state with { Schedule = learner.Schedule.state_dict(), Scaler = learner.Scaler.state_dict(), AverageUpdates = learner.Average?.Updates ?? 0 };
        AtomicFile.WriteAllText(Path.Combine(partial, StateFile), JsonSerializer.Serialize(whole, Layout));
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.Move(partial, home);
        foreach (var older in Directory.EnumerateDirectories(folder).Where(f => f != home))
        {
            Directory.Delete(older, recursive: true);
        }

        foreach (var worse in Directory.EnumerateFiles(folder, "best-*").Where(f => f != BestWeights(state.BestEpoch) && f != BestAverage(state.BestEpoch)))
        {
            File.Delete(worse);
        }
    }

    /// <summary>Keeps an epoch's weights as the best so far; counts once a saved state says so.</summary>
    /// <param name="network">What was validated.</param>
    /// <param name="average">An average beside it, or null.</param>
    /// <param name="epoch">From 1.</param>
    public void KeepBest(nn.Module network, nn.Module? average, int epoch)
    {
        SafeTensors.Write(BestWeights(epoch), network.state_dict());
        if (average is not null)
        {
            SafeTensors.Write(BestAverage(epoch), average.state_dict());
        }
    }

    /// <summary>Where the best weights of an epoch lie.</summary>
    public string BestWeights(int epoch) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"best-{epoch:D5}.safetensors"));

    /// <summary>Where the average of an epoch's weights lies that was not what was validated.</summary>
    public string BestAverage(int epoch) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"best-{epoch:D5}.ema.safetensors"));

    /// <summary>Removes everything: the run is over and its result is kept elsewhere.</summary>
    public void Remove() => Directory.Delete(folder, recursive: true);

    private static Dictionary<string, Tensor> GradientsOf(Network network) => network.named_parameters()
        .Select(p => (p.name, Gradient: p.parameter.grad)).Where(p => p.Gradient is not null).ToDictionary(p => p.name, p => p.Gradient!);

    private static void SetGradients(Network network, Dictionary<string, Tensor> gradients)
    {
        foreach (var (name, parameter) in network.named_parameters())
        {
            // In the parameter's layout, as autograd makes them: another may round otherwise.
            parameter.grad = gradients.Remove(name, out var gradient) ? empty_like(parameter).copy_(gradient) : null;
        }

        if (gradients.Count > 0)
        {
            throw new InvalidOperationException($"it has gradients of {string.Join(", ", gradients.Keys.Take(3))}, which the network lacks");
        }
    }

    private TrainState ReadState(string path)
    {
        try
        {
            var state = JsonSerializer.Deserialize<TrainState>(File.ReadAllBytes(path), Layout);
            return state is { Epoch: >= 0, Step: >= 0, History: { } history } && state.BestEpoch >= 0 && state.BestEpoch <= history.Count
                ? state
                : throw new JsonException("epochs are missing");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw NoState(path, e);
        }
    }

    private void Fitting(string home, string file, Action<string> load)
    {
        var path = Path.Combine(home, file);
        try
        {
            load(path);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw NoState(path, e);
        }
    }

    private DataException NoState(string path, Exception why) =>
        new(path, $"is no state of this training ({why.Message}). Remove {folder} to train from the start.", why);

    private string? Newest() => Directory.EnumerateDirectories(folder, "epoch-*").Order(StringComparer.Ordinal).LastOrDefault();
}
