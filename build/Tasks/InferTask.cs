using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <inheritdoc cref="InferStage" />
/// <remarks>With --input it predicts a folder of images by members that are trained.</remarks>
[TaskName("Infer")]
[TaskDescription("Predicts masks with each model and fold; with --input=FOLDER --model=EXPERIMENT of any images")]
[IsDependentOn(typeof(ValidateTask))]
public sealed class InferTask : StageTask<InferStage>
{
    /// <inheritdoc />
    public override Task RunAsync(ExperimentContext context)
    {
        var line = context.CommandLine;
        if (line.Input is not { } input)
        {
            return line.Model is null ? base.RunAsync(context) : throw new CakeException(2, "--model needs --input=FOLDER here: the images to predict.");
        }

        var name = line.Model ?? line.Experiment ?? throw new CakeException(2, "--input needs --model=EXPERIMENT[/MODEL[/FOLD]]: who predicts.");
        var reference = ModelReference.Parse(name, context.Root);
        if (line.Experiment is { } experiment && experiment != reference.Experiment)
        {
            throw new CakeException(2, $"--model={name} is of experiment '{reference.Experiment}', --experiment={experiment} names another. Leave --experiment out.");
        }

        var session = context.Open(reference.Experiment);
        var members = reference.Members(session.Plan);
        var output = Path.GetFullPath(line.Output ?? Path.Combine("runs", reference.Experiment, "predictions", Path.GetFileName(input.TrimEnd('/'))), context.Root);
        if (context.DryRun)
        {
            context.Say($"would predict {input} by {string.Join(", ", members)}");
            return Task.CompletedTask;
        }

        foreach (var told in new FolderPrediction(session, members).Run(Path.GetFullPath(input, context.Root), output, context.Cancellation))
        {
            context.Say(told);
        }

        context.Say($"Predictions: {Path.GetRelativePath(context.Root, output)}");
        return Task.CompletedTask;
    }
}
