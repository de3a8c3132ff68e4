using Cake.Core;
using Cake.Frosting;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>
/// Brings published weights to this machine: with --encoder a set of it, with --experiment all that its models start from, with --import
/// from a local file. Otherwise lists what is there, with --filter what there could be, and with --verify compares digests.
/// </summary>
[TaskName("Weights")]
[TaskDescription("Fetches, imports, lists and verifies published weights that encoders start from")]
public sealed class WeightsTask : AsyncFrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override async Task RunAsync(ExperimentContext context)
    {
        var line = context.CommandLine;
        var catalog = WeightCatalog.Load(ExperimentSession.PluginFolders(context.Root));
        if (line["import"] is { } file)
        {
            var set = catalog.Find(line["encoder"] ?? throw new CakeException(2, "--import=FILE needs --encoder=NAME, and --weights=NAME where it is not imagenet."), line["weights"] ?? "imagenet");
            if (!context.DryRun)
            {
                using var download = new WeightDownload();
                Intake(context, download).Import(set, Path.GetFullPath(file, context.Root));
            }

            context.Say($"{file} {(context.DryRun ? "would be" : "is now")} {context.WeightStore.PathOf(set)}");
        }
        else if (line.Has("verify"))
        {
            Verify(context, catalog);
        }
        else if (line["encoder"] is { } encoder)
        {
            await FetchAsync(context, [catalog.Find(encoder, line["weights"] ?? "imagenet")]);
        }
        else if (line.Experiment is not null)
        {
            await FetchAsync(context, context.Session.WeightsToStartFrom());
        }
        else
        {
            List(context, catalog);
        }
    }

    private static WeightIntake Intake(ExperimentContext context, WeightDownload download) => new(context.WeightStore, ExperimentSession.OpenPlugins(context.Root), download);

    private static async Task FetchAsync(ExperimentContext context, IReadOnlyList<PublishedWeights> sets)
    {
        using var download = new WeightDownload();
        var intake = new Lazy<WeightIntake>(() => Intake(context, download));
        var faults = new List<string>();
        foreach (var set in sets)
        {
            var path = context.WeightStore.PathOf(set);
            if (context.WeightStore.Has(set) || context.DryRun)
            {
                context.Say($"{set.Encoder}/{set.Names[0]}: {(context.WeightStore.Has(set) ? "is there" : $"would be fetched from {set.Url}")}: {path}");
                continue;
            }

            try
            {
                using var progress = context.Progress($"{set.Encoder}/{set.Names[0]}");
                await intake.Value.FetchAsync(set, progress, context.Cancellation);
                context.Say($"{set.Encoder}/{set.Names[0]}: {path}");
            }
            catch (ConfigurationException e)
            {
                faults.AddRange(e.Faults);
            }
        }

        if (sets.Count == 0)
        {
            context.Say("No model of the experiment starts from published weights.");
        }

        if (faults.Count > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    private static void Verify(ExperimentContext context, WeightCatalog catalog)
    {
        var present = context.WeightStore.Present(catalog).ToList();
        string[] faults = [.. present.Select(context.WeightStore.Verify).OfType<string>()];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }

        context.Say($"{present.Count} files in {context.WeightStore.Folder} are what they were.");
    }

    private static void List(ExperimentContext context, WeightCatalog catalog)
    {
        var filter = context.CommandLine["filter"];
        PublishedWeights[] sets = [.. catalog.All.Where(set => filter is null ? context.WeightStore.Has(set) : $"{set.Encoder}/{string.Join(',', set.Names)}".Contains(filter, StringComparison.OrdinalIgnoreCase))];
        foreach (var set in sets)
        {
            var file = new FileInfo(context.WeightStore.PathOf(set));
            context.Say($"{set.Encoder,-32} {string.Join(", ", set.Names),-34} {(file.Exists ? $"{file.Length / 1e6,8:0.0} MB" : "     absent")}  {set.Id}/{set.File}{(set.Licence is { } licence ? $"  [{licence}]" : "")}");
        }

        context.Say($"{(filter is null ? $"{sets.Length} sets are in" : $"{sets.Count(context.WeightStore.Has)} of these {sets.Length} sets are in")} {context.WeightStore.Folder}; {catalog.All.Count()} are published{(filter is null ? ", and --filter=TEXT lists them" : "")}.");
    }
}
