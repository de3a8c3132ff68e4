using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Checking;

namespace Osteon.Runner;

/// <summary>Pixels that nobody decided, as far as units have to know of them: which count for nothing, though they once counted as wrong.</summary>
internal static class UndecidedPixels
{
    private static readonly string[] s_rules = [ReportedByFormat.UndecidedPixels, NotOneClass.Title];

    /// <summary>Puts it into a unit's facts where Check has seen such pixels; units of other data keep the key they had.</summary>
    /// <param name="config">The unit's.</param>
    /// <param name="session">Check has run, or the unit's inputs are pending anyway.</param>
    public static void AddTo(JsonObject config, ExperimentSession session)
    {
        if (!session.Classifies && session.Plan.Data.Mode == LabelMode.Multiclass && session.FolderOf("Check") is { Length: > 0 } check && FindingsFile.Load(check).Any(f => s_rules.Contains(f.Check)))
        {
            config["undecided"] = "not scored";
        }
    }
}
