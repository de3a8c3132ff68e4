using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>A tracking server and how to speak to it: MLflow's own environment variables and credentials file.</summary>
internal sealed record ServerOptions
{
    private const string Namespace = "MLFLOW_TRACKING_";

    /// <summary>http(s)://HOST[:PORT][/PATH], without a name or password and without a slash at the end.</summary>
    public required string Address { get; init; }

    /// <summary>The value of the Authorization header; null: none is sent.</summary>
    public string? Authorization { get; init; }

    /// <summary>Certificates are not checked.</summary>
    public bool InsecureTls { get; init; }

    /// <summary>Certificate authorities that count instead of the system's; null: the system's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Shown to the server; null: none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The value of X-MLFLOW-WORKSPACE; null: none is sent.</summary>
    public string? Workspace { get; init; }

    /// <summary>The longest wait for an answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest wait for an artifact to be taken.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How attempts follow one another. The longest wait is urllib3's, which MLflow's own client uses.</summary>
    public RetryPolicy Retries { get; init; } = new(Most: 7, Factor: 2, Jitter: 1, Longest: TimeSpan.FromSeconds(120));

    /// <summary>Reads everything about a server; nothing is asked of it.</summary>
    /// <param name="uri">MLFLOW_TRACKING_URI.</param>
    /// <param name="environment">MLflow's other variables.</param>
    /// <exception cref="ConfigurationException">Something cannot be; all that cannot are named.</exception>
    public static ServerOptions Read(string uri, Func<string, string?> environment)
    {
        var faults = new List<string>();
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0 || parsed.Query.Length > 0 || parsed.Fragment.Length > 0)
        {
            throw new ConfigurationException($"{TrackingLocation.Variable}: '{uri}' is not an address; expected http(s)://HOST[:PORT][/PATH], without '?' and '#'.");
        }

        string? Value(string name) => environment(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

        double Number(string name, double otherwise, double least, double most)
        {
            if (Value(name) is not { } text)
            {
                return otherwise;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a number from {least} to {most}"));
            return otherwise;
        }

        var insecure = Value(Namespace + "INSECURE_TLS") is { } text && text.ToLowerInvariant() is "true" or "1";
        var bundle = Value(Namespace + "SERVER_CERT_PATH");
        if (insecure && bundle is not null)
        {
            faults.Add($"{Namespace}INSECURE_TLS and {Namespace}SERVER_CERT_PATH exclude each other; unset one");
        }

        var options = new ServerOptions
        {
            Address = parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/'),
            Authorization = ReadAuthorization(parsed, Value, faults),
            InsecureTls = insecure,
            Authorities = bundle is null ? null : Certificates(Namespace + "SERVER_CERT_PATH", bundle, faults, path =>
            {
                var all = new X509Certificate2Collection();
                all.ImportFromPemFile(path);
                return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
            }),
            ClientCertificate = Value(Namespace + "CLIENT_CERT_PATH") is not { } own ? null
                : Certificates(Namespace + "CLIENT_CERT_PATH", own, faults, path => X509Certificate2.CreateFromPemFile(path)),
            Workspace = Value("MLFLOW_WORKSPACE"),
            Timeout = TimeSpan.FromSeconds(Number("MLFLOW_HTTP_REQUEST_TIMEOUT", 120, 1, 86_400)),
            UploadTimeout = TimeSpan.FromSeconds(Number("MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT", 3600, 1, 604_800)),
            Retries = new RetryPolicy(
                (int)Number("MLFLOW_HTTP_REQUEST_MAX_RETRIES", 7, 0, 1000),
                Number("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", 2, 0, 120),
                Number("MLFLOW_HTTP_REQUEST_BACKOFF_JITTER", 1, 0, 120),
                TimeSpan.FromSeconds(120)),
        };
        return faults.Count == 0 ? options : throw new ConfigurationException(faults);
    }

    private static string? ReadAuthorization(Uri uri, Func<string, string?> value, List<string> faults)
    {
        var (user, password, token) = (value(Namespace + "USERNAME"), value(Namespace + "PASSWORD"), value(Namespace + "TOKEN"));
        if (user is null && password is null && uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2);
            (user, password) = (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : string.Empty);
        }

        if (user is null && password is null)
        {
            var file = CredentialsFile.Read(Path.Combine(
                value("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".mlflow", "credentials"), faults);
            (user, password) = (file.User, file.Password);
        }

        // A name and a password win over a token; one of the two alone counts for nothing, as in MLflow.
        return (user, password) is ({ } name, { } secret) ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}"))
            : token is not null ? "Bearer " + token
            : null;
    }

    private static T? Certificates<T>(string name, string path, List<string> faults, Func<string, T> read)
        where T : class
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add($"{name}: {path} cannot be read as PEM ({e.Message})");
            return null;
        }
    }
}
