using System.Buffers.Binary;
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
        ScalarType[] types = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool];
        var tensors = types.ToDictionary(t => t.ToString(), t => arange(6).reshape(2, 3).to(t));
        tensors.Add("scalar", tensor(7L));
        tensors.Add("empty", zeros([0, 3]));
        SafeTensors.Write(Target, tensors, new Dictionary<string, string> { ["epoch"] = "3" });
        var read = SafeTensors.Read(Target, out var metadata);
        Assert.Equal(tensors.Keys, read.Keys);
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
        const string Header = """{"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""";
        var padded = (Header.Length + 7) / 8 * 8;
        byte[] expected = [.. BitConverter.GetBytes((long)padded), .. Encoding.ASCII.GetBytes(Header.PadRight(padded)), 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0];
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

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "'b' begins at byte 8 of the data, the one before ends at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "describes 4 bytes of tensors, the file holds 9")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 8, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-9223372036854775808,9223372036854775807]}}""", 4, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}""", 6, "header")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0]}}""", 0, "header")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"__metadata__":{"a":1}}""", 3, "header")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,0]}}""", 0, "65 axes; 64 are allowed")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "header")]
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
    public void A_header_beyond_100_MB_is_refused_though_the_file_holds_it()
    {
        using (var file = File.Create(Target))
        {
            file.Write(BitConverter.GetBytes(100_000_001L));
            file.SetLength(8 + 100_000_001);                        // a hole: takes no place on the disk
        }

        Assert.Contains("claims 100000001 bytes, 100000001 follow, and 100000000 are allowed", Assert.Throws<DataException>(() => SafeTensors.Read(Target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Booleans_other_than_0_and_1_are_refused()
    {
        const string Header = """{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""";
        File.WriteAllBytes(Target, [.. BitConverter.GetBytes((long)Header.Length), .. Encoding.ASCII.GetBytes(Header), 1, 2]);
        Assert.Contains("'a' of booleans holds bytes other than 0 and 1", Assert.Throws<DataException>(() => SafeTensors.Read(Target)).Message, StringComparison.Ordinal);
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
