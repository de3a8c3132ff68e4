using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Osteon.Tracking.Tests;

/// <summary>A request as it came in.</summary>
internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>What goes back.</summary>
internal sealed record Answer(int Status, string ContentType, string Body);

/// <summary>
/// An HTTP/1.1 server on loopback over plain sockets, in front of <see cref="MlflowModel"/>, that misbehaves as it is told: each
/// request takes the next fault of the queue.
/// </summary>
internal sealed class FaultyServer : IDisposable
{
    public static readonly TimeSpan Lateness = TimeSpan.FromSeconds(0.6);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _late = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _clients = new();

    /// <param name="certificate">With one, the server speaks TLS, and asks clients for theirs.</param>
    public FaultyServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public MlflowModel Model { get; } = new();

    public ConcurrentQueue<Fault> Faults { get; } = new();

    /// <summary>What every request meets once the queue is empty.</summary>
    public Fault Always { get; set; }

    /// <summary>What 429 asks for, as the header has it.</summary>
    public string RetryAfter { get; set; } = "0";

    /// <summary>Certificates that clients showed.</summary>
    public ConcurrentQueue<string> ClientCertificates { get; } = new();

    public ConcurrentQueue<Request> Seen { get; } = new();

    public int Port { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}");

    /// <summary>Waits for requests that were to be done late.</summary>
    public async Task LateAsync() => await Task.WhenAll(_late.Keys);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        foreach (var client in _clients.Keys)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _clients.TryAdd(client, 0);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            client.NoDelay = true;
            using var stream = await OpenAsync(client);
            while (await ReadAsync(stream) is { } request && await AnswerAsync(client, stream, request))
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
        {
            // The client went, or the server stops.
        }
        finally
        {
            client.Dispose();
            _clients.TryRemove(client, out _);
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                // A client without one is served too; which one it shows is the test's to judge.
                ClientCertificates.Enqueue(shown?.Subject ?? "none");
                return shown is null || shown.Subject.Length > 0;
            },
        }, _stop.Token);
        return tls;
    }

    private static async Task<Request?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body);
        var first = lines[0].Split(' ');
        return new Request(first[0], first[1], headers, body);
    }

    private async Task<bool> AnswerAsync(TcpClient client, Stream stream, Request request)
    {
        Seen.Enqueue(request);
        var fault = Faults.TryDequeue(out var next) ? next : Always;
        switch (fault)
        {
            case Fault.ResetBefore:
                Reset(client);
                return false;
            case Fault.ResetAfter:
                Model.Answer(request);
                Reset(client);
                return false;
            case Fault.ResetInAnswer:
                var bytes = Bytes(Model.Answer(request));
                await stream.WriteAsync(bytes.AsMemory(0, bytes.Length - 1));
                await stream.FlushAsync();
                await Task.Delay(10);
                Reset(client);
                return false;
            case Fault.Late:
                var late = Task.Run(async () =>
                {
                    await Task.Delay(Lateness);
                    Model.Answer(request);
                });
                _late.TryAdd(late, 0);
                await late;
                return false;
            case Fault.SlowLoris:
                foreach (var b in Bytes(Model.Answer(request)))
                {
                    await stream.WriteAsync(new[] { b }, _stop.Token);
                    await Task.Delay(40, _stop.Token);
                }

                return true;
            case Fault.Slow:
                await Task.Delay(20);
                break;
            case Fault.Twice:
                Model.Answer(request);
                break;
            case Fault.ErrorAfter:
                Model.Answer(request);
                break;
        }

        await stream.WriteAsync(Of(fault, request), _stop.Token);
        return true;
    }

    private byte[] Of(Fault fault, Request request) => fault switch
    {
        Fault.TooMany => Bytes(new Answer(429, "application/json", """{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow down"}"""), $"Retry-After: {RetryAfter}\r\n"),
        Fault.Error or Fault.ErrorAfter => Bytes(new Answer(500, "application/json", """{"error_code":"INTERNAL_ERROR","message":"(sqlite3.OperationalError) database is locked"}""")),
        Fault.BadGateway => Bytes(new Answer(503, "text/html", "<html><body>503 Service Unavailable</body></html>")),
        Fault.DiskFull => Bytes(new Answer(507, "text/plain", "Insufficient Storage")),
        Fault.HtmlOk => Bytes(new Answer(200, "text/html", "<html><body>Please log in to the guest network</body></html>")),
        Fault.HtmlNotFound => Bytes(new Answer(404, "text/html", "<html><body>Not Found</body></html>")),
        Fault.Redirect => Bytes(new Answer(308, "text/html", ""), "Location: http://elsewhere.example/\r\n"),
        Fault.OddJson => Bytes(new Answer(200, "application/json", "[1]")),
        Fault.Unauthorized => Bytes(new Answer(401, "text/html", "You are not authenticated. Please see https://www.mlflow.org/docs/latest/auth/index.html")),
        Fault.Forbidden => Bytes(new Answer(403, "text/plain", "Permission denied")),
        _ => Bytes(Model.Answer(request)),
    };

    private static byte[] Bytes(Answer answer, string headers = "")
    {
        var body = Encoding.UTF8.GetBytes(answer.Body);
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} X\r\nContent-Type: {answer.ContentType}\r\nContent-Length: {body.Length}\r\n{headers}\r\n")), .. body];
    }

    private static void Reset(TcpClient client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }
}
