using System.Text.RegularExpressions;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Where runs go, as MLFLOW_TRACKING_URI says: an embedded store in a folder, or a server.</summary>
public sealed partial class TrackingLocation
{
    /// <summary>The database's name; a plain <c>mlflow server</c> started in its folder looks for it.</summary>
    public const string DatabaseName = "mlflow.db";

    /// <summary>The variable that names it.</summary>
    public const string Variable = "MLFLOW_TRACKING_URI";

    private const string Sqlite = "sqlite:///";
    private const string EmbeddedPrefix = "embedded:";

    private TrackingLocation(string? folder, ServerOptions? server) => (Folder, Server) = (folder, server);

    /// <summary>The folder whose <c>mlflow.db</c> is written, absolute; null for a server.</summary>
    public string? Folder { get; }

    /// <summary>True when runs go to a server.</summary>
    public bool IsServer => Server is not null;

    /// <summary>The server; null for an embedded store.</summary>
    internal ServerOptions? Server { get; }

    /// <summary>Reads a tracking URI; nothing is created or asked.</summary>
    /// <param name="uri">
    /// Null or blank, a folder, <c>sqlite:///relative/mlflow.db</c> or <c>sqlite:////absolute/mlflow.db</c> (SQLAlchemy's spelling),
    /// <c>http://…</c> or <c>https://…</c>.
    /// </param>
    /// <param name="defaultFolder">Used when there is no URI; relative paths are relative to the working folder.</param>
    /// <param name="environment">Answers for MLflow's other variables; null: the process's environment.</param>
    /// <exception cref="ConfigurationException">A kind of store that is not supported, a database of another name, or settings of the server that cannot be.</exception>
    public static TrackingLocation Resolve(string? uri, string defaultFolder, Func<string, string?>? environment = null)
    {
        if (string.IsNullOrWhiteSpace(uri))
        {
            return OfFolder(defaultFolder);
        }

        var place = uri.Trim();
        if (place.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            var file = place[Sqlite.Length..];
            if (Path.GetFileName(file) != DatabaseName)
            {
                throw Refuse(uri, $"names a database other than '{DatabaseName}'");
            }

            return OfFolder(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }

        if (Scheme().Match(place) is { Success: true } scheme)
        {
            return scheme.Groups[1].Value.ToLowerInvariant() is "http" or "https"
                ? new TrackingLocation(null, ServerOptions.Read(place, environment ?? Environment.GetEnvironmentVariable))
                : throw Refuse(uri, "names a kind of store that is not supported");
        }

        if (place is "databricks" or "uc" || File.Exists(place))
        {
            throw Refuse(uri, "is not a folder");
        }

        return OfFolder(place);
    }

    /// <summary>As people read it; without a password.</summary>
    public override string ToString() => Folder ?? Server!.Address;

    internal static TrackingLocation OfFolder(string folder) => new(Path.GetFullPath(folder), null);

    internal static TrackingLocation OfServer(ServerOptions server) => new(null, server);

    /// <summary>As a journal keeps it: a server's address, or a folder seen from the spool, so that both can be moved together.</summary>
    internal string Spell(string spool) => Server?.Address ?? EmbeddedPrefix + Path.GetRelativePath(Path.GetFullPath(spool), Folder!);

    /// <summary>What <see cref="Spell"/> meant.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Resolve"/>.</exception>
    internal static TrackingLocation Unspell(string spelt, string spool, Func<string, string?> environment) => spelt.StartsWith(EmbeddedPrefix, StringComparison.Ordinal)
        ? OfFolder(Path.GetFullPath(spelt[EmbeddedPrefix.Length..], Path.GetFullPath(spool)))
        : Resolve(spelt, spool, environment);

    internal IRunSink OpenSink(string spool, Action<string> warn) => Server is { } server ? new RestSink(server, spool, warn) : new SqliteSink(Folder!, warn);

    private static ConfigurationException Refuse(string uri, string what) => new(
        $"{Variable} (or the experiment's tracking.uri): '{uri}' {what}; allowed are http(s)://HOST[:PORT][/PATH], a folder, '{Sqlite}FOLDER/{DatabaseName}' or nothing. " +
        "Unset it to track beside the runs; 'mlflow server' started in that folder shows them.");

    // Two letters at least: one is a drive.
    [GeneratedRegex("^([A-Za-z][A-Za-z0-9+.-]+):")]
    private static partial Regex Scheme();
}
