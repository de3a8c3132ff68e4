using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Osteon.Abstractions;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-safetensors-");

    private string Target => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_type_comes_back_with_its_shape_and_bytes()
    {
        using var scope = NewDisposeScope();
        ScalarType[] types = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Byte, ScalarType.Bool];
        var tensors = types.ToDictionary(t => t.ToString(), t => arange(6).reshape(2, 3).to(t));
        tensors.Add("scalar", tensor(7L));
        tensors.Add("empty", zeros([0, 3]));
        SafeTensors.Write(Target, tensors, new Dictionary<string, string> { ["epoch"] = "3" });
        var read = SafeTensors.Read(Target, out var metadata);
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        Assert.Equal("3", metadata["epoch"]);
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, read[name].dtype);
            Assert.Equal(tensor.shape, read[name].shape);
            Assert.Equal(tensor.bytes.ToArray(), read[name].bytes.ToArray());
        }
    }

    [Fact]
    public void The_bytes_are_those_of_the_published_format()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("b", tensor(new float[] { 1, -2 })), new("a", tensor(new long[] { 3 }))]);
        const string Header = """{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}""";
        var padded = (Header.Length + 7) / 8 * 8;
        byte[] expected = [.. BitConverter.GetBytes((long)padded), .. Encoding.ASCII.GetBytes(Header.PadRight(padded)), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 3, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(expected, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Views_and_channels_last_tensors_are_written_in_the_order_of_their_indices()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        var image = arange(24, dtype: ScalarType.Float32).reshape(1, 2, 3, 4);
        SafeTensors.Write(Target, [new("turned", matrix.transpose(0, 1)), new("last", image.to_channels_last())]);
        var read = SafeTensors.Read(Target);
        Assert.Equal([0, 3, 1, 4, 2, 5], read["turned"].data<float>().ToArray());
        Assert.Equal(image.data<float>().ToArray(), read["last"].data<float>().ToArray());
    }

    [Fact]
    public void Python_reads_what_is_written_here()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs Python");
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("x", tensor(new float[] { 0.5f, -1.25f, 3 })), new("n", tensor(new long[] { 1L << 40 }))]);
        const string Reader = """
            import json, struct, sys
            data = open(sys.argv[1], 'rb').read()
            n, = struct.unpack('<Q', data[:8])
            head = json.loads(data[8:8 + n])
            for name, code in (('x', '<3f'), ('n', '<1q')):
                begin, end = head[name]['data_offsets']
                print(*struct.unpack(code, data[8 + n + begin:8 + n + end]))
            """;
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Reader, Target]) { RedirectStandardOutput = true })!;
        Assert.Equal("0.5 -1.25 3.0\n1099511627776\n", python.StandardOutput.ReadToEnd());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", 8, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1000000000000],"data_offsets":[0,4000000000000]}}""", 4, "cut short")]
    [InlineData("""{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}""", 8, "Q9")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8, "header")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "header")]
    [InlineData("""[1]""", 0, "header")]
    [InlineData("""{"a":{{{""", 0, "header")]
    public void A_header_that_lies_is_refused_before_anything_is_allocated(string header, int dataBytes, string reason)
    {
        File.WriteAllBytes(Target, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[dataBytes]]);
        Assert.Contains(reason, Assert.Throws<DataException>(() => SafeTensors.Read(Target)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 4)]
    [InlineData(ulong.MaxValue, 8)]
    [InlineData(1UL << 62, 100)]
    [InlineData(93UL, 100)]
    public void A_header_longer_than_the_file_is_refused(ulong claimed, int length)
    {
        var bytes = new byte[length];
        if (length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
        }

        File.WriteAllBytes(Target, bytes);
        Assert.StartsWith(Target, Assert.Throws<DataException>(() => SafeTensors.Read(Target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("weights.safetensors", Assert.Throws<DataException>(() => SafeTensors.Read(Target)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_write_that_fails_leaves_the_old_file()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("a", tensor(1f))]);
        var before = File.ReadAllBytes(Target);
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(Target, [new("a", tensor(1f)), new("a", tensor(2f))]));
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Single(_folder.GetFiles());
    }
}
