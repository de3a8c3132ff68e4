using Osteon.Testing;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Both directions against the format written down a second time, in NumPy.</summary>
public sealed class SafeTensorsPythonTests : IDisposable
{
    private const string Peer = "tests/Models.Tests/Golden/safetensors_peer.py";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-safetensors-");

    private string Target => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_Python_writes_is_read_here()
    {
        using var scope = NewDisposeScope();
        var told = PythonPeer.Run(Peer, "write", Target).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var read = SafeTensors.Read(Target, out var metadata);
        Assert.Equal(told, read.Select(t => TensorText.Of(t.Key, t.Value)));
        Assert.Equal(["format=pt", "ö=ß"], metadata.Select(m => $"{m.Key}={m.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_written_here_is_read_by_Python_at_aligned_places()
    {
        using var scope = NewDisposeScope();
        ScalarType[] types = [ScalarType.Byte, ScalarType.Float64, ScalarType.Bool, ScalarType.Float32, ScalarType.Int8, ScalarType.Float16, ScalarType.Int64, ScalarType.BFloat16, ScalarType.Int16, ScalarType.Int32];
        var tensors = types.ToDictionary(t => t.ToString(), t => (randn(3, 5) * 50).to(t));
        tensors.Add("größe", tensor(0.5));
        tensors.Add("empty", zeros(0, 3));
        SafeTensors.Write(Target, tensors, new Dictionary<string, string> { ["b"] = "2", ["a"] = "ß" });
        string[] expected = ["metadata\ta\tß", "metadata\tb\t2", .. tensors.Select(t => TensorText.Of(t.Key, t.Value))];
        Assert.Equal(expected, PythonPeer.Run(Peer, "read", Target).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
