using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner.Configuration;
using Osteon.Runner.Plugins;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>Brings files of published weights into the store, by the network or from a local file; each is tried in its encoder first.</summary>
/// <param name="store">Where they go.</param>
/// <param name="plugins">Make the encoders.</param>
/// <param name="download">Fetches.</param>
public sealed class WeightIntake(WeightStore store, PluginCatalog plugins, WeightDownload download)
{
    /// <summary>Fetches a set, or the rest of it.</summary>
    /// <param name="set">What to fetch.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellation">Ends it; what has come is kept for the next time.</param>
    /// <exception cref="ConfigurationException">It cannot be had, or is not what it should be; the store is as it was.</exception>
    public async Task FetchAsync(PublishedWeights set, IProgressLine progress, CancellationToken cancellation)
    {
        var partial = $"{store.PathOf(set)}.partial";
        using var guard = FileLock.Take($"{partial}.lock", () => progress.Line("another process is fetching it; waiting"), cancellation);
        if (store.Has(set))
        {
            return;
        }

        var sha256 = await download.FetchAsync(set.Url, partial, set.Sha256, progress, cancellation);
        try
        {
            Try(set, partial);
        }
        catch (DataException e)
        {
            File.Delete(partial);
            throw new ConfigurationException($"{set.Url} gave {sha256[..12]}…, which is not what {set.Encoder} starts from: it {e.What}", e);
        }

        store.Put(set, partial, sha256);
        File.Delete($"{partial}.etag");
    }

    /// <summary>Copies a local file into the store.</summary>
    /// <param name="set">What it is.</param>
    /// <param name="file">A safetensors file or PyTorch checkpoint, of any ending; left where it is.</param>
    /// <exception cref="ConfigurationException">It is not what the publisher gives, or does not fit the encoder; the store is as it was.</exception>
    public void Import(PublishedWeights set, string file)
    {
        if (!File.Exists(file))
        {
            throw new ConfigurationException($"{file}: there is no such file.");
        }

        var sha256 = WeightStore.HashOf(file);
        if (!WeightStore.Fits(set, sha256))
        {
            throw new DataException(file, $"is not {set.File} of {set.Id}: its SHA-256 is {sha256}, expected {set.Sha256}{(set.Sha256!.Length < 64 ? "…" : "")}. A file of your own is named in the experiment, as encoder_weights: {file}.");
        }

        Try(set, file);
        var partial = $"{store.PathOf(set)}.import-{Environment.ProcessId}";
        AtomicFile.Copy(file, partial);
        try
        {
            store.Put(set, partial, sha256);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // Into the encoder as its publisher has it: colour, and all of its stages; or into the backbone of an architecture that has its own.
    private void Try(PublishedWeights set, string file)
    {
        using var scope = NewDisposeScope();
        if (!plugins.Names(PluginKind.Of<Encoder>()).Contains(set.Encoder))
        {
            using var network = plugins.Create<Architecture>(new Choice(set.Encoder)).Build(new NetworkShape(3, 1), _ => throw new ConfigurationException($"architecture '{set.Encoder}' has no backbone of its own."));
            PretrainedWeights.Load(PretrainedWeights.BackboneOf(network) ?? throw new ConfigurationException($"architecture '{set.Encoder}' has no backbone of its own."), file);
            return;
        }

        using var encoder = plugins.Create<Encoder>(new Choice(set.Encoder), PlanSlices.Json(new EncoderOptions { InChannels = 3, Depth = DeepestOf(set.Encoder) }));
        PretrainedWeights.Load(encoder, file);
    }

    // A vision transformer's depth counts blocks that are joined; most take 4, others 5 maps.
    private int DeepestOf(string encoder) => typeof(BlockEncoderOptions).IsAssignableFrom(plugins.OptionsTypeOf<Encoder>(encoder)) ? 4 : 5;
}
