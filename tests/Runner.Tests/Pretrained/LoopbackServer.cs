using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Osteon.Runner.Tests;

/// <summary>What was asked for: the path, and the header lines by their name in lower case.</summary>
internal sealed record Asked(string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The first byte of a range, 0 without one.</summary>
    public int From => Headers.TryGetValue("range", out var range) ? int.Parse(range.AsSpan("bytes=".Length..^1), CultureInfo.InvariantCulture) : 0;
}

/// <summary>A web server of a test's own, which can also break off in the midst of an answer.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Asked, IEnumerable<byte[]>> _answer;

    /// <param name="answer">The bytes of an answer, head and all; the connection is closed after them.</param>
    public LoopbackServer(Func<Asked, IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public ConcurrentQueue<Asked> Requests { get; } = [];

    public Uri Url(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");

    public static byte[] Head(string status, params string[] headers) => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Connection: close\r\n\r\n");

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                var path = (await reader.ReadLineAsync())!.Split(' ')[1];
                var headers = new Dictionary<string, string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    headers[line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }

                var asked = new Asked(path, headers);
                Requests.Enqueue(asked);
                foreach (var part in _answer(asked))
                {
                    await stream.WriteAsync(part);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
