using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Reads MLFLOW_TRACKING_URI.</summary>
public static partial class TrackingLocation
{
    /// <summary>The database's name; a plain <c>mlflow server</c> started in its folder looks for it.</summary>
    public const string DatabaseName = "mlflow.db";

    private const string Sqlite = "sqlite:///";

    /// <summary>The folder whose <c>mlflow.db</c> is written.</summary>
    /// <param name="uri">
    /// Null or blank, a folder, <c>sqlite:///relative/mlflow.db</c> or <c>sqlite:////absolute/mlflow.db</c> (SQLAlchemy's spelling).
    /// </param>
    /// <param name="defaultFolder">Used when there is no URI; relative paths are relative to the working folder.</param>
    /// <returns>An absolute path; nothing is created.</returns>
    /// <exception cref="ConfigurationException">A server, a kind of store that is not supported, or a database of another name.</exception>
    public static string Resolve(string? uri, string defaultFolder)
    {
        if (string.IsNullOrWhiteSpace(uri))
        {
            return Path.GetFullPath(defaultFolder);
        }

        var place = uri.Trim();
        if (place.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            var file = place[Sqlite.Length..];
            if (Path.GetFileName(file) != DatabaseName)
            {
                throw Refuse(uri, $"names a database other than '{DatabaseName}'");
            }

            return Path.GetDirectoryName(Path.GetFullPath(file))!;
        }

        if (Scheme().Match(place) is { Success: true } scheme)
        {
            throw Refuse(uri, scheme.Groups[1].Value.ToLowerInvariant() is "http" or "https"
                ? "names a server, which this version does not write to"
                : "names a kind of store that is not supported");
        }

        if (place is "databricks" or "uc" || File.Exists(place))
        {
            throw Refuse(uri, "is not a folder");
        }

        return Path.GetFullPath(place);
    }

    private static ConfigurationException Refuse(string uri, string what) => new(
        $"MLFLOW_TRACKING_URI: '{uri}' {what}; allowed are a folder, '{Sqlite}FOLDER/{DatabaseName}' or nothing. " +
        "Unset it to track beside the runs; 'mlflow server' started in that folder shows them.");

    // Two letters at least: one is a drive.
    [GeneratedRegex("^([A-Za-z][A-Za-z0-9+.-]+):")]
    private static partial Regex Scheme();
}
