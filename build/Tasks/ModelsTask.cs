using System.Globalization;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Lists what networks can be built of: encoders and architectures, with their parameters, strides, published weights and DLL.</summary>
[TaskName("Models")]
[TaskDescription("Lists architectures and encoders with parameters, strides, published weights and DLL; --filter=TEXT narrows it")]
public sealed class ModelsTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var zoo = new ModelZoo(ExperimentSession.OpenPlugins(context.Root)) { Memory = Path.Combine(context.Root, ".osteon", "models.tsv") };
        var catalog = WeightCatalog.Load(ExperimentSession.PluginFolders(context.Root));
        var filter = context.CommandLine.Filter;
        var (architectures, encoders) = (zoo.Architectures(filter), zoo.Encoders(filter));
        if (architectures.Count > 0)
        {
            context.Say($"{"Architecture",-24}  {"parameters",13}  {"with",-26}  DLL");
        }

        foreach (var model in architectures)
        {
            context.Say($"{model.Name,-24}  {Count(model.Parameters),13}  {model.Encoder ?? (model.Parameters is null ? "by its options" : "its own layers"),-26}  {model.Dll}");
        }

        if (encoders.Count > 0)
        {
            context.Say($"{"Encoder",-42}  {"parameters",13}  {"strides",-17}  {"channels",-28}  {"DLL",-26}  published weights");
        }

        foreach (var model in encoders)
        {
            context.Say($"{model.Name,-42}  {Count(model.Parameters),13}  {string.Join(' ', model.Strides),-17}  {string.Join(' ', model.Channels),-28}  {model.Dll,-26}  {string.Join(", ", catalog.Of(model.Name).Select(set => set.Names[0]))}".TrimEnd());
        }

        context.Say($"{architectures.Count} architectures, {encoders.Count} encoders");
    }

    private static string Count(long? parameters) => parameters?.ToString("N0", CultureInfo.InvariantCulture) ?? "";
}
