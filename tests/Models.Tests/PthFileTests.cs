using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using static Osteon.Models.Tests.PthSamples;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

public sealed class PthFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-pth-");

    private string Target => Path.Combine(_folder.FullName, "weights.any");

    public static TheoryData<string> Samples => ["zip", "sequence"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Files_of_torch_are_read_without_Python(string sample)
    {
        using var scope = NewDisposeScope();
        var tensors = Read(Sample(sample));
        Assert.Equal(["w", "h", "b", "n", "f", "tail"], tensors.Keys);
        Assert.Equal([3, 2], tensors["w"].shape);
        Assert.Equal([0f, 3, 1, 4, 2, 5], tensors["w"].contiguous().data<float>().ToArray());
        Assert.Equal([0.5f, -1.25f], tensors["h"].to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal((ScalarType.BFloat16, 1.5f), (tensors["b"].dtype, tensors["b"].to(ScalarType.Float32).item<float>()));
        Assert.Equal((0, 7L), ((int)tensors["n"].dim(), tensors["n"].item<long>()));
        Assert.Equal([true, false], tensors["f"].data<bool>().ToArray());
        tensors["tail"].fill_(9);
        Assert.Equal([0f, 3, 1, 9, 2, 9], tensors["w"].contiguous().data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_file_cut_short_is_refused_wherever_it_is_cut(string sample)
    {
        using var scope = NewDisposeScope();
        var whole = Sample(sample);
        for (var length = 0; length < whole.Length; length += length < 100 ? 1 : 50)
        {
            Assert.Throws<DataException>(() => Read(whole[..length]));
        }

        Assert.Throws<DataException>(() => Read(whole[..^1]));
    }

    [Theory]
    [InlineData("zip", 2000)]
    [InlineData("sequence", 2000)]
    [InlineData("safetensors", 2000)]
    public void A_damaged_file_is_read_or_refused_and_nothing_else(string sample, int count)
    {
        var safe = sample == "safetensors";
        var whole = safe ? SafeSample() : Sample(sample);
        var place = Gen.Choose(0, whole.Length - 1);
        var change = Gen.Zip(place, Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 127, 128, 255)));
        var changes = Gen.Choose(1, 6).SelectMany(n => Gen.ListOf(change, n));
        Prop.ForAll(Arb.From(changes), mutations =>
        {
            var bytes = whole.ToArray();
            foreach (var (at, value) in mutations)
            {
                bytes[at] = (byte)value;
            }

            using var scope = NewDisposeScope();
            try
            {
                _ = safe ? ReadSafe(bytes) : Read(bytes);
            }
            catch (DataException e)
            {
                Assert.StartsWith(Target, e.Message, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(20260101, 7).WithMaxTest(count).WithQuietOnSuccess(true));
    }

    [Theory]
    [InlineData("any.pth", "zip")]
    [InlineData("model.safetensors", "sequence")]
    [InlineData("model.bin", "safetensors")]
    public void Weights_are_told_by_their_content_not_their_ending(string name, string kind)
    {
        using var scope = NewDisposeScope();
        using var network = new Named();
        var path = Path.Combine(_folder.FullName, name);
        if (kind == "safetensors")
        {
            SafeTensors.Write(path, [new("module.w", tensor(new float[] { 0, 3, 1, 4, 2, 5 }).reshape(3, 2))]);
        }
        else
        {
            File.WriteAllBytes(path, Sample(kind));
        }

        if (kind == "safetensors")
        {
            Assert.Empty(Weights.Load(network, path));
            Assert.Equal([0f, 3, 1, 4, 2, 5], network.state_dict()["w"].data<float>().ToArray());
        }
        else
        {
            Assert.Contains("Unexpected (5): h, b, n, f, tail.", Assert.Throws<DataException>(() => Weights.Load(network, path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0x04034b50)]
    [InlineData(0x280)]
    public void A_safetensors_header_whose_length_looks_like_a_checkpoint_is_one_of_safetensors(int length)
    {
        using var network = new Named();
        File.WriteAllBytes(Target, [.. BitConverter.GetBytes((long)length), (byte)'{', .. new byte[100]]);
        Assert.Contains("is no safetensors file", Assert.Throws<DataException>(() => Weights.Load(network, Target)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_is_kept_when_the_network_s_own_names_have_it()
    {
        File.WriteAllBytes(Target, Sample("zip"));
        var contents = PthFile.Read(Target);
        Assert.Contains("module.w", Weights.FindStateDict(contents, ["module.w"]).Keys);
        Assert.Contains("w", Weights.FindStateDict(contents, ["w"]).Keys);
    }

    [Fact]
    public void Booleans_other_than_0_and_1_are_refused()
    {
        var bytes = Sample("sequence");
        bytes[bytes.AsSpan().LastIndexOf((byte[])[2, 0, 0, 0, 0, 0, 0, 0, 1, 0]) + 8] = 2;
        Assert.Contains("other than 0 and 1", Assert.Throws<DataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_that_overlap_are_refused()
    {
        var bytes = Zipped(Tensor([4], [1]), ("0", new byte[16]), ("1", new byte[16]));
        var second = bytes.AsSpan().LastIndexOf("archive/data/1"u8) - 4;
        var first = bytes.AsSpan().LastIndexOf("archive/data/0"u8) - 4;
        bytes.AsSpan(first, 4).CopyTo(bytes.AsSpan(second));
        Assert.Contains("overlap", Assert.Throws<DataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_claims_more_than_the_file_is_refused()
    {
        var bytes = Zipped(Tensor([4], [1]), ("0", new byte[16]));
        var entry = bytes.AsSpan().LastIndexOf("archive/data/0"u8) - 46;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + 20), 1 << 30);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(entry + 24), 1 << 30);
        Assert.Contains("does not lie before the directory", Assert.Throws<DataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_checkpoint_is_refused_before_it_is_unpacked()
    {
        var bytes = Zipped(Tensor([4], [1]), ("0", new byte[16]));
        bytes[bytes.AsSpan().LastIndexOf("archive/data/0"u8) - 46 + 10] = 8;
        Assert.Contains("packed", Assert.Throws<DataException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_checkpoints_are_refused() =>
        Assert.Contains("big-endian", Assert.Throws<DataException>(() => Read(Zipped(Tensor([4], [1]), ("byteorder", "big"u8.ToArray())))).Message, StringComparison.Ordinal);

    private static byte[] Sample(string name) => (name == "zip" ? Zip : Sequence).ToArray();

    private byte[] SafeSample()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("w", ones(3, 2)), new("n", tensor(7L)), new("f", tensor(new[] { true, false }))], new Dictionary<string, string> { ["epoch"] = "3" });
        return File.ReadAllBytes(Target);
    }

    private Dictionary<string, Tensor> ReadSafe(byte[] bytes)
    {
        File.WriteAllBytes(Target, bytes);
        return SafeTensors.Read(Target);
    }

    private Dictionary<string, Tensor> Read(byte[] bytes)
    {
        File.WriteAllBytes(Target, bytes);
        var contents = PthFile.Read(Target);
        return contents.Read(Weights.FindStateDict(contents));
    }

    private sealed class Named : nn.Module
    {
        private readonly TorchSharp.Modules.Parameter w = new(zeros(3, 2));

        public Named()
            : base("Named") => RegisterComponents();
    }
}
