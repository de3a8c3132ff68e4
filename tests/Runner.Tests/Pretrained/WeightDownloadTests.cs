using System.Security.Cryptography;
using Osteon.Abstractions;

namespace Osteon.Runner.Tests;

public sealed class WeightDownloadTests : IDisposable
{
    private static readonly byte[] s_body = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i * 31 >> 3))];
    private static readonly string s_sha256 = Convert.ToHexStringLower(SHA256.HashData(s_body));

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-download-").FullName;
    private readonly WeightDownload _download = new(TimeProvider.System, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(20));

    private string Partial => Path.Combine(_folder, "id", "model.safetensors.partial");

    public void Dispose()
    {
        _download.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_comes_whole_and_its_digest_with_it()
    {
        using var server = new LoopbackServer(asked => Rest(asked));
        Assert.Equal(s_sha256, await Fetch(server, s_sha256[..8]));
        Assert.Equal(s_body, await File.ReadAllBytesAsync(Partial, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_broken_connection_is_gone_on_with_from_the_byte_it_broke_at()
    {
        using var server = new LoopbackServer(asked => Rest(asked, most: 150_000));
        Assert.Equal(s_sha256, await Fetch(server));
        Assert.Equal([0, 150_000, 300_000], server.Requests.Select(asked => asked.From));
        Assert.Equal([null, "\"v1\"", "\"v1\""], server.Requests.Select(asked => asked.Headers.GetValueOrDefault("if-range")));
        Assert.Equal(s_body, await File.ReadAllBytesAsync(Partial, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_an_earlier_command_left_is_gone_on_with()
    {
        using (var broken = new LoopbackServer(asked => asked.From == 0 ? Rest(asked, most: 100_000) : [LoopbackServer.Head("503 Busy")]))
        {
            var e = await Assert.ThrowsAsync<ConfigurationException>(() => Fetch(broken));
            Assert.Contains("503 Busy. What has come is kept", e.Message, StringComparison.Ordinal);
        }

        using var server = new LoopbackServer(asked => Rest(asked));
        Assert.Equal(s_sha256, await Fetch(server));
        Assert.Equal(100_000, Assert.Single(server.Requests).From);
    }

    [Fact]
    public async Task Another_version_on_the_server_is_fetched_from_its_beginning()
    {
        Begin(bytes: [1, 2, 3], tag: "\"v0\"");
        using var server = new LoopbackServer(asked => asked.Headers["if-range"] == "\"v1\"" ? Rest(asked) : Rest(asked with { Headers = new Dictionary<string, string>() }));
        Assert.Equal(s_sha256, await Fetch(server));
        Assert.Equal(s_body, await File.ReadAllBytesAsync(Partial, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task All_of_a_file_that_had_come_is_not_fetched_again()
    {
        Begin(s_body, "\"v1\"");
        using var server = new LoopbackServer(asked => [LoopbackServer.Head("416 Range Not Satisfiable", $"Content-Range: bytes */{s_body.Length}")]);
        Assert.Equal(s_sha256, await Fetch(server));
    }

    [Fact]
    public async Task A_redirect_is_followed_and_a_hub_tells_the_digest_on_the_way()
    {
        using var server = new LoopbackServer(asked => asked.Path == "/cdn" ? Rest(asked) : [LoopbackServer.Head("302 Found", "Location: /cdn", $"X-Linked-ETag: \"{new string('0', 64)}\"", "Content-Length: 0")]);
        var e = await Assert.ThrowsAsync<ConfigurationException>(() => Fetch(server));
        Assert.Contains($"its SHA-256 is {s_sha256}, expected {new string('0', 64)}", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public async Task Another_file_than_is_published_is_thrown_away()
    {
        using var server = new LoopbackServer(asked => Rest(asked));
        var e = await Assert.ThrowsAsync<ConfigurationException>(() => Fetch(server, "00000000"));
        Assert.Contains($"its SHA-256 is {s_sha256}, expected 00000000.", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Partial));
    }

    [Theory]
    [InlineData("404 Not Found", "is not there (404). Bring the file from elsewhere, and say --import=FILE.")]
    [InlineData("403 Forbidden", "is refused (403).")]
    [InlineData("407 Proxy Authentication Required", "is refused (407, by the proxy).")]
    [InlineData("418 Teapot", "answers 418 Teapot.")]
    public async Task What_no_second_try_mends_is_told_at_once(string status, string reason)
    {
        using var server = new LoopbackServer(_ => [LoopbackServer.Head(status, "Content-Length: 0")]);
        Assert.Contains(reason, (await Assert.ThrowsAsync<ConfigurationException>(() => Fetch(server))).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public async Task A_page_for_signing_in_is_no_weights()
    {
        using var server = new LoopbackServer(_ => [LoopbackServer.Head("200 OK", "Content-Type: text/html; charset=utf-8", "Content-Length: 6"), "<html>"u8.ToArray()]);
        Assert.Contains("gives a web page, not weights", (await Assert.ThrowsAsync<ConfigurationException>(() => Fetch(server))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up()
    {
        using var download = new WeightDownload(TimeProvider.System, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(50));
        using var never = new SemaphoreSlim(0);
        using var server = new LoopbackServer(_ =>
        {
            never.Wait(TimeSpan.FromSeconds(2));
            return [];
        });
        var e = await Assert.ThrowsAsync<ConfigurationException>(() => download.FetchAsync(server.Url("/f"), Partial, null, new Quiet(), CancellationToken.None));
        Assert.Contains("cannot be had", e.Message, StringComparison.Ordinal);
    }

    // A server that takes ranges, of a file whose tag is v1.
    private static IEnumerable<byte[]> Rest(Asked asked, int most = int.MaxValue)
    {
        var body = s_body[asked.From..];
        string[] range = asked.From > 0 ? [$"Content-Range: bytes {asked.From}-{s_body.Length - 1}/{s_body.Length}"] : [];
        yield return LoopbackServer.Head(asked.From > 0 ? "206 Partial Content" : "200 OK", [.. range, $"Content-Length: {body.Length}", "ETag: \"v1\"", "Content-Type: application/octet-stream"]);
        yield return body[..Math.Min(most, body.Length)];
    }

    private Task<string> Fetch(LoopbackServer server, string? sha256 = null) => _download.FetchAsync(server.Url("/weights"), Partial, sha256, new Quiet(), TestContext.Current.CancellationToken);

    private void Begin(byte[] bytes, string tag)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Partial)!);
        File.WriteAllBytes(Partial, bytes);
        File.WriteAllText($"{Partial}.etag", tag);
    }

    private sealed class Quiet : IProgressLine
    {
        public void Report(long done, long total, string? note = null)
        {
        }

        public void Line(string text)
        {
        }

        public void Dispose()
        {
        }
    }
}
