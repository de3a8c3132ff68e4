namespace Osteon.Reporting;

/// <summary>Where things lie.</summary>
internal static class FilesSection
{
    public static Html Write(ReportModel model) => model.Files.Count == 0
        ? new Html()
        : new Html().Add($"<div class=\"paths\">\n{FactsSection.List(model.Files)}</div>\n");
}
