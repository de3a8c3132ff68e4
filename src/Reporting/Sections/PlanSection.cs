namespace Osteon.Reporting;

/// <summary>The resolved plan, folded away.</summary>
internal static class PlanSection
{
    public static Html Write(ReportModel model) => model.Plan.Length == 0
        ? new Html()
        : new Html().Add($"<details>\n<summary>The plan with every default resolved</summary>\n<pre tabindex=\"0\"><code>{model.Plan}</code></pre>\n</details>\n");
}
