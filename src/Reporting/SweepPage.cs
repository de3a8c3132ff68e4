namespace Osteon.Reporting;

/// <summary>A sweep's picture above its table.</summary>
public static class SweepPage
{
    /// <summary>Writes the file whole or not at all; the first row is marked as the best.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="note">A sentence above.</param>
    /// <param name="picture">All points.</param>
    /// <param name="header">Column names.</param>
    /// <param name="rows">As many cells each.</param>
    /// <param name="path">Replaced when it exists.</param>
    public static void Write(string title, string note, ParallelCoordinates picture, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, string path) =>
        TablePage.Write(title, note, picture.Write(), header, rows, path);
}
