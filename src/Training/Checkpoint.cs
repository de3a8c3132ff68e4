using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osteon.Abstractions;
using Osteon.Models;
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
}

/// <summary>
/// A run's state on disk: a folder of model.safetensors, optimizer.safetensors and state.json, made beside and renamed, so that
/// whichever folder has its final name is whole. The best epoch's weights lie next to it and are only replaced once a
/// checkpoint refers to the newer ones.
/// </summary>
public sealed class Checkpoint(string folder)
{
    private const string WeightsFile = "model.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "state.json";

    // A validation loss may be infinite without an end to training.
    private static readonly JsonSerializerOptions Layout = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The newest whole checkpoint's state, or null; what kills left half-made is removed.</summary>
    /// <param name="network">Gets the weights, in place.</param>
    /// <param name="optimizer">Gets its moments and step counts.</param>
    /// <exception cref="DataException">A file of the checkpoint is damaged; the network is then of no use.</exception>
    public TrainState? Restore(nn.Module network, optim.Optimizer optimizer)
    {
        Directory.CreateDirectory(folder);
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
        Weights.Load(network, Path.Combine(newest, WeightsFile));
        optimizer.load_state_dict(SafeTensors.Read(Path.Combine(newest, OptimizerFile)));
        return state;
    }

    /// <summary>Writes a checkpoint and removes the ones before it.</summary>
    public void Save(nn.Module network, optim.Optimizer optimizer, TrainState state)
    {
        var home = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch-{state.Epoch:D5}-step-{state.Step:D7}"));
        var partial = $"{home}.partial";
        Directory.CreateDirectory(partial);
        SafeTensors.Write(Path.Combine(partial, WeightsFile), network.state_dict());
        using (NewDisposeScope())
        {
            SafeTensors.Write(Path.Combine(partial, OptimizerFile), optimizer.state_dict());
        }

        AtomicFile.WriteAllText(Path.Combine(partial, StateFile), JsonSerializer.Serialize(state, Layout));
        if (Directory.Exists(home))
        {
            Directory.Delete(home, recursive: true);
        }

        Directory.Move(partial, home);
        foreach (var older in Directory.EnumerateDirectories(folder).Where(f => f != home))
        {
            Directory.Delete(older, recursive: true);
        }

        foreach (var worse in Directory.EnumerateFiles(folder, "best-*").Where(f => f != BestWeights(state.BestEpoch)))
        {
            File.Delete(worse);
        }
    }

    /// <summary>Keeps an epoch's weights as the best so far; counts once a saved state says so.</summary>
    public void KeepBest(nn.Module network, int epoch) => SafeTensors.Write(BestWeights(epoch), network.state_dict());

    /// <summary>Where the best weights of an epoch lie.</summary>
    public string BestWeights(int epoch) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"best-{epoch:D5}.safetensors"));

    /// <summary>Removes everything: the run is over and its result is kept elsewhere.</summary>
    public void Remove() => Directory.Delete(folder, recursive: true);

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
            throw new DataException(path, $"is no state of a training ({e.Message}). Remove {folder} to train from the start.", e);
        }
    }

    private string? Newest() => Directory.EnumerateDirectories(folder, "epoch-*").Order(StringComparer.Ordinal).LastOrDefault();
}
