using System.Reflection;
using System.Runtime.CompilerServices;
using Osteon.Abstractions;
using Osteon.Runner.Configuration;
using Osteon.Testing;
using Osteon.Training;

namespace Osteon.Runner.Tests;

/// <summary>docs/training.md names every optimiser and schedule with every option and its default.</summary>
public sealed class TrainingDocsTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(SharedData.RepositoryRoot, "docs", "training.md"));

    public static TheoryData<Type> Kinds { get; } = [.. new[] { typeof(OptimizerOptions), typeof(ScheduleOptions) }
        .SelectMany(kind => kind.Assembly.GetTypes().Where(t => t.IsSubclassOf(kind) && !t.IsAbstract))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Documents_every_option(Type kind)
    {
        var name = kind.GetCustomAttribute<NamedAttribute>()!.Name;
        var row = Assert.Single(s_lines, line => line.StartsWith($"| `{name}`", StringComparison.Ordinal));
        var written = row.Split('|')[2].Split('`').Where((_, i) => i % 2 == 1).Where(code => code != "max").Order(StringComparer.Ordinal);
        Assert.Equal(Options(kind).Order(StringComparer.Ordinal), written);
    }

    [Fact]
    public void Its_example_is_a_valid_experiment()
    {
        using var folder = new ExperimentFolder();
        var example = s_lines.SkipWhile(line => line != "```yaml").Skip(1).TakeWhile(line => line != "```");
        folder.Write("e.yaml", $"extends: base.yaml\n{string.Join('\n', example)}\n");
        var plan = folder.Load().Plan;
        Assert.Equal((Precision.Bf16, Precision.Bf16), (plan.Train.Precision, plan.Infer.Precision));
        Assert.True(OptionsBinder.Bind<OptimizerOptions>("train.optimizer", plan.Train.Optimizer) is SgdOptions { Nesterov: true });
        Assert.Equal(2, Assert.IsType<SequentialLROptions>(OptionsBinder.Bind<ScheduleOptions>("train.schedule", plan.Train.Schedule)).Schedulers.Count);
    }

    // What must be written has no default, and neither has what is null.
    private static IEnumerable<string> Options(Type kind)
    {
        var defaults = PlanSlices.Json(Activator.CreateInstance(kind)!);
        foreach (var property in kind.GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
        {
            var key = property.GetCustomAttribute<NamedAttribute>()?.Name ?? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            var bare = property.IsDefined(typeof(RequiredMemberAttribute)) || property.GetValue(Activator.CreateInstance(kind)) is null;
            yield return bare ? key : $"{key}: {CanonicalJson.Text(defaults[key]).Trim('"')}";
        }
    }
}
