using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Osteon.Tracking;

/// <summary>MLflow refused a request for what it says, not for the moment.</summary>
internal sealed class MlflowException(HttpStatusCode status, string code, string message) : Exception($"{code}: {message}")
{
    /// <summary>MLflow's error_code, e.g. RESOURCE_DOES_NOT_EXIST.</summary>
    public string Code { get; } = code;

    /// <summary>Too much at once.</summary>
    public bool IsTooLarge { get; } = status == HttpStatusCode.RequestEntityTooLarge;
}

/// <summary>
/// One request at a time to <c>/api/2.0/mlflow/</c>. Tells apart what a server means by an answer, and trusts none: what is not
/// MLflow's JSON, whatever its status, is a server that is not there.
/// </summary>
internal sealed class MlflowClient : IDisposable
{
    private const int LongestAnswer = 32 << 20;
    private const int LongestQuote = 200;

    private readonly ServerOptions _options;
    private readonly HttpClient _http;

    /// <summary>Connects when the first request is made.</summary>
    public MlflowClient(ServerOptions options)
    {
        _options = options;
        _http = new HttpClient(Handler(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("osteon", typeof(MlflowClient).Assembly.GetName().Version?.ToString(3)));
        if (options.Authorization is { } authorization)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        if (options.Workspace is { } workspace)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("X-MLFLOW-WORKSPACE", workspace);
        }
    }

    /// <summary>GET.</summary>
    /// <param name="call">Below /api/2.0/mlflow/, e.g. runs/get.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="query">Names and values.</param>
    /// <exception cref="MlflowException">Refused.</exception>
    /// <exception cref="DeliveryException">Not reached, or not now.</exception>
    public JsonObject Get(string call, CancellationToken cancellation, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var url = $"{_options.Address}/api/2.0/mlflow/{call}";
        for (var i = 0; i < query.Length; i++)
        {
            url += $"{(i == 0 ? '?' : '&')}{query[i].Name}={Uri.EscapeDataString(query[i].Value)}";
        }

        return Send(new HttpRequestMessage(HttpMethod.Get, url), _options.Timeout, cancellation);
    }

    /// <summary>POST of JSON.</summary>
    /// <inheritdoc cref="Get"/>
    public JsonObject Post(string call, JsonObject body, CancellationToken cancellation) => Send(
        new HttpRequestMessage(HttpMethod.Post, $"{_options.Address}/api/2.0/mlflow/{call}")
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        },
        _options.Timeout, cancellation);

    /// <summary>PUT of a file below /api/2.0/mlflow-artifacts/artifacts/.</summary>
    /// <param name="path">'/' between folders; not escaped yet.</param>
    /// <param name="file">Its bytes.</param>
    /// <param name="cancellation">Ends the upload.</param>
    /// <inheritdoc cref="Get"/>
    public void Put(string path, string file, CancellationToken cancellation)
    {
        var escaped = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Send(
            new HttpRequestMessage(HttpMethod.Put, $"{_options.Address}/api/2.0/mlflow-artifacts/artifacts/{escaped}")
            {
                Content = new StreamContent(bytes, 1 << 18) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream"), ContentLength = bytes.Length } },
            },
            _options.UploadTimeout, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(ServerOptions options)
    {
        // A redirected POST becomes a GET, and a password goes where nobody meant it to: a redirect is told of instead.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.All,
        };
        if (options.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificates = [own];
        }

        if (options.InsecureTls)
        {
#pragma warning disable CA5359 // What MLFLOW_TRACKING_INSECURE_TLS asks for, in so many words.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (options.Authorities is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return handler;
    }

    private JsonObject Send(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellation)
    {
        using (request)
        {
            using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timed.CancelAfter(limit);
            try
            {
                return SendAsync(request, timed.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new DeliveryException(DeliveryFailure.Later, FormattableString.Invariant($"no answer within {limit.TotalSeconds:0} s"), inner: e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                throw e.InnerException is AuthenticationException tls
                    ? new DeliveryException(DeliveryFailure.Denied, $"{tls.Message} MLFLOW_TRACKING_SERVER_CERT_PATH names the certificate of its authority", inner: e)
                    : new DeliveryException(DeliveryFailure.Later, Innermost(e), inner: e);
            }
        }
    }

    private async Task<JsonObject> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await answer.Content.LoadIntoBufferAsync(LongestAnswer, cancellation).ConfigureAwait(false);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
        var json = Parse(body);
        if (answer.IsSuccessStatusCode)
        {
            return json ?? throw new DeliveryException(DeliveryFailure.Later, $"it answers with something other than MLflow's JSON: {Quote(body)}");
        }

        throw Failure(answer, body, json);
    }

    private static Exception Failure(HttpResponseMessage answer, byte[] body, JsonObject? json)
    {
        var status = (int)answer.StatusCode;
        var told = Text(json, "message") ?? Quote(body);
        var code = Text(json, "error_code");
        return status switch
        {
            401 => new DeliveryException(DeliveryFailure.Denied,
                "it does not know the name and password, or the token (401): set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, MLFLOW_TRACKING_TOKEN, or ~/.mlflow/credentials"),
            403 => new DeliveryException(DeliveryFailure.Denied, $"it forbids this (403: {told})"),
            >= 300 and < 400 => new DeliveryException(DeliveryFailure.Denied, $"it redirects to {answer.Headers.Location} ({status}): name that address in {TrackingLocation.Variable}"),
            408 or 429 or >= 500 when !told.Contains("--no-serve-artifacts", StringComparison.Ordinal) =>
                new DeliveryException(DeliveryFailure.Later, $"it answers {status}: {told}", RetryAfter(answer.Headers.RetryAfter)),
            413 => new MlflowException(answer.StatusCode, code ?? "REQUEST_TOO_LARGE", told),
            >= 500 => new MlflowException(answer.StatusCode, code ?? "NOT_SERVED", told),
            _ when code is not null => new MlflowException(answer.StatusCode, code, told),
            _ => new DeliveryException(DeliveryFailure.Denied, $"it answers {status}, not as MLflow does ({told}): the address may be another's, or lack a path"),
        };
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - TimeProvider.System.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? Limits.Cut(text, LongestQuote) : null;

    private static string Quote(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, LongestQuote))).ReplaceLineEndings(" ").Trim();
        return text.Length > 0 ? $"'{text}'" : "nothing";
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message;
    }
}
