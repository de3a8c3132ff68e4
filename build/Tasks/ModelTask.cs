using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Shows what a network is made of: each part with the shape it gives, its parameters and what it costs.</summary>
[TaskName("Model")]
[TaskDescription("Prints a layer summary of --model=ARCHITECTURE/ENCODER, or of a model of --experiment")]
public sealed class ModelTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var line = context.CommandLine;
        var zoo = new ModelZoo(ExperimentSession.OpenPlugins(context.Root));
        IEnumerable<string> lines = (line.Experiment, line.Model) switch
        {
            (null, null) => throw new CakeException(2, "--target=Model needs --model=ARCHITECTURE/ENCODER, e.g. --model=UnetPlusPlus/resnet50, or --experiment=NAME."),
            (null, { } model) => zoo.Summary(model, line.Channels ?? 3, line.Classes ?? 1, line.Size).Lines(line.Depth),
            (_, var model) => ModelZoo.Summaries(context.Session, model, line.Size, line.Depth),
        };
        foreach (var text in lines)
        {
            context.Say(text);
        }
    }
}
