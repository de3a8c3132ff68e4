using Cake.Core;
using Cake.Frosting;
using Osteon.Runner;

namespace Osteon.Build;

/// <summary>Looks at the installation and says what to do where something is wrong; exit code 2 when an experiment would fail.</summary>
[TaskName("Doctor")]
[TaskDescription("Checks the installation, and says what to do")]
public sealed class DoctorTask : FrostingTask<ExperimentContext>
{
    /// <inheritdoc />
    public override void Run(ExperimentContext context)
    {
        var found = new Doctor(context.Root).Examine().ToArray();
        var width = found.Max(d => d.Part.Length);
        foreach (var diagnosis in found)
        {
            var mark = diagnosis.Health switch { Health.Good => "ok  ", Health.Poor => "poor", _ => "BAD " };
            context.Say($"{mark}  {diagnosis.Part.PadRight(width)}  {diagnosis.Found}");
            if (diagnosis.Advice.Length > 0)
            {
                context.Say($"      {new string(' ', width)}  → {diagnosis.Advice}");
            }
        }

        if (found.Count(d => d.Health == Health.Broken) is > 0 and var broken)
        {
            throw new CakeException(2, $"{broken} {(broken == 1 ? "part is" : "parts are")} broken; the lines marked BAD say what to do.");
        }
    }
}
