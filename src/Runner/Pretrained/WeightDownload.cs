using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>
/// Fetches one file by HTTP: what a broken connection has left is asked for from there on, and the digest is taken while bytes come. The
/// proxy is the environment's.
/// </summary>
/// <param name="clock">Measures pauses.</param>
/// <param name="pause">Before the second try after a broken connection; doubled before each further one.</param>
/// <param name="silence">How long a server may say nothing.</param>
public sealed class WeightDownload(TimeProvider clock, TimeSpan pause, TimeSpan silence) : IDisposable
{
    private const int Tries = 5;                                    // in a row without a byte
    private const int MostRedirects = 10;
    private const long MostBytes = 1L << 35;
    private const int Block = 1 << 17;

    // Redirects are followed here: the first answer of a hub tells the digest, the last one the bytes.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = silence, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>With pauses from one second, and servers silent for up to a minute.</summary>
    public WeightDownload() : this(TimeProvider.System, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))
    {
    }

    /// <summary>Fetches a file, or the rest of it.</summary>
    /// <param name="url">http or https.</param>
    /// <param name="partial">Where bytes are kept until all are there; what lies there from an earlier time is gone on with.</param>
    /// <param name="sha256">The digest or its first digits, where they are known.</param>
    /// <param name="progress">Told of bytes.</param>
    /// <param name="cancellation">Ends it; what has come is kept.</param>
    /// <returns>SHA-256 of the whole file, which is synced to disk.</returns>
    /// <exception cref="ConfigurationException">It cannot be had, or is another file than it should be.</exception>
    public async Task<string> FetchAsync(Uri url, string partial, string? sha256, IProgressLine progress, CancellationToken cancellation)
    {
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(partial))!);
        for (var attempt = 1; ; attempt++)
        {
            var before = Length(partial);
            try
            {
                var (found, told) = await GoOnAsync(url, partial, progress, cancellation);
                if (!found.StartsWith(sha256 ?? "", StringComparison.Ordinal) || (told is not null && told != found))
                {
                    Forget(partial);
                    throw new ConfigurationException($"{url} gave another file than is published: its SHA-256 is {found}, expected {(found.StartsWith(sha256 ?? "", StringComparison.Ordinal) ? told : sha256)}. Try again; when it stays so, the file was replaced or the connection is tampered with.");
                }

                return found;
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or TimeoutException || (e is IOException && e.InnerException is System.Net.Sockets.SocketException))
            {
                attempt = Length(partial) > before ? 0 : attempt;
                if (attempt >= Tries)
                {
                    throw new ConfigurationException($"{url} cannot be had: {e.Message} What has come is kept, and the same command goes on from there.", e);
                }

                await Task.Delay(pause * Math.Pow(2, attempt), clock, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static long Length(string partial) => File.Exists(partial) ? new FileInfo(partial).Length : 0;

    private static string Tag(string partial) => $"{partial}.etag";

    private static void Forget(string partial)
    {
        File.Delete(partial);
        File.Delete(Tag(partial));
    }

    private async Task<(string Sha256, string? Told)> GoOnAsync(Uri url, string partial, IProgressLine progress, CancellationToken cancellation)
    {
        // Without the tag of what was begun, nobody knows whether the rest would fit.
        var from = File.Exists(Tag(partial)) ? Length(partial) : 0;
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            silent.CancelAfter(silence);
            var (response, told) = await AskAsync(url, from, from > 0 ? File.ReadAllText(Tag(partial)) : null, silent.Token);
            using (response)
            {
                var total = Checked(response, url);
                from = response.StatusCode == HttpStatusCode.PartialContent ? from : 0;
                if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != from)
                {
                    Forget(partial);
                    throw new HttpRequestException("the server gave another part than was asked for.");
                }

                if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    if (response.Content.Headers.ContentRange?.Length != Length(partial))
                    {
                        Forget(partial);
                        throw new HttpRequestException("what had come is not the beginning of what the server has.");
                    }

                    return (WeightStore.HashOf(partial), told);     // all of it had come
                }

                File.Delete(Tag(partial));
                if (response.Headers.ETag is { IsWeak: false } tag)
                {
                    AtomicFile.WriteAllText(Tag(partial), tag.ToString());
                }

                return (await CopyAsync(response, partial, from, total, progress, silent), told);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"the server said nothing for {silence.TotalSeconds:0} seconds.");
        }
    }

    private async Task<string> CopyAsync(HttpResponseMessage response, string partial, long from, long? total, IProgressLine progress, CancellationTokenSource silent)
    {
        await using var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Block];
        file.SetLength(from);
        for (int read; (read = await file.ReadAsync(buffer, silent.Token)) > 0;)
        {
            silent.CancelAfter(silence);
            digest.AppendData(buffer, 0, read);
        }

        await using var body = await response.Content.ReadAsStreamAsync(silent.Token);
        var at = from;
        for (int read; (read = await body.ReadAsync(buffer, silent.Token)) > 0; at += read)
        {
            silent.CancelAfter(silence);
            if (at + read > MostBytes)
            {
                throw new ConfigurationException($"{response.RequestMessage!.RequestUri} gives more than {MostBytes >> 30} GiB; no weights are so large.");
            }

            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
            digest.AppendData(buffer, 0, read);
            progress.Report((at + read) >> 20, Math.Max(total ?? 0, at + read) >> 20, "MiB");
        }

        file.Flush(flushToDisk: true);
        return total is { } whole && at < whole
            ? throw new HttpRequestException($"the connection ended after {at} of {whole} bytes.")
            : Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private async Task<(HttpResponseMessage Response, string? Told)> AskAsync(Uri url, long from, string? tag, CancellationToken cancellation)
    {
        string? told = null;
        for (var step = 0; step <= MostRedirects; step++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Osteon", "1"));
            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
                request.Headers.IfRange = new RangeConditionHeaderValue(EntityTagHeaderValue.Parse(tag!));
            }

            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            told ??= response.Headers.TryGetValues("X-Linked-ETag", out var tags) && tags.First().Trim('"') is { Length: 64 } digest && digest.All(char.IsAsciiHexDigitLower) ? digest : null;
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return (response, told);
            }

            var next = new Uri(url, location);
            response.Dispose();
            url = next.Scheme == "https" || (next.Scheme == "http" && url.Scheme == "http")
                ? next
                : throw new ConfigurationException($"{url} leads to {next}, which is less safe than it; it is not followed.");
        }

        throw new ConfigurationException($"{url} leads on more than {MostRedirects} times.");
    }

    // The whole file's length, when it is told.
    private static long? Checked(HttpResponseMessage response, Uri url)
    {
        var code = (int)response.StatusCode;
        switch (code)
        {
            case 404 or 410:
                throw new ConfigurationException($"{url} is not there ({code}). Bring the file from elsewhere, and say --import=FILE.");
            case 401 or 403 or 407:
                throw new ConfigurationException($"{url} is refused ({code}{(code == 407 ? ", by the proxy" : "")}). Bring the file from elsewhere, and say --import=FILE.");
            case 408 or 429 or >= 500:
                throw new HttpRequestException($"the server answers {code} {response.ReasonPhrase}.");
            case not (200 or 206 or 416):
                throw new ConfigurationException($"{url} answers {code} {response.ReasonPhrase}.");
        }

        if (code != 416 && response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw new ConfigurationException($"{url} gives a web page, not weights: perhaps a proxy's page for signing in. Bring the file from elsewhere, and say --import=FILE.");
        }

        return code == 206 ? response.Content.Headers.ContentRange?.Length : code == 200 ? response.Content.Headers.ContentLength : null;
    }
}
