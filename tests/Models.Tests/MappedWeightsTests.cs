using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Models.Tests;

/// <summary>Large files, which are read in place.</summary>
public sealed class MappedWeightsTests : IDisposable
{
    private const int Side = 1024;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("osteon-mapped-");

    private string Target => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_mapping_lasts_as_long_as_a_tensor_of_it()
    {
        Write(1);
        var read = SafeTensors.Read(Target);
        Assert.True(IsMapped());
        read["a"].Dispose();
        using (var part = read["b"].narrow(0, 5, 2))
        {
            read["b"].Dispose();
            Assert.True(IsMapped());
            Assert.Equal(2 * Side, part.sum().item<float>());
        }

        Assert.False(IsMapped());
    }

    [Fact]
    public void Small_files_are_copied()
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("a", ones(1000))]);
        Assert.Equal(1000, SafeTensors.Read(Target)["a"].sum().item<float>());
        Assert.False(IsMapped());
    }

    [Fact]
    public void Writing_to_a_tensor_changes_neither_the_file_nor_another_reading_of_it()
    {
        using var scope = NewDisposeScope();
        Write(1);
        var before = File.ReadAllBytes(Target);
        var first = SafeTensors.Read(Target);
        var second = SafeTensors.Read(Target);
        first["a"].fill_(7);
        Assert.Equal(7f * Side * Side, first["a"].sum().item<float>());
        Assert.Equal((float)Side * Side, second["a"].sum().item<float>());
        Assert.Equal(before, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Tensors_outlive_the_replacing_and_deleting_of_their_file()
    {
        using var scope = NewDisposeScope();
        Write(1);
        var first = SafeTensors.Read(Target);
        Write(2);
        var second = SafeTensors.Read(Target);
        File.Delete(Target);
        Assert.Equal((float)Side * Side, first["a"].sum().item<float>());
        Assert.Equal(2f * Side * Side, second["a"].sum().item<float>());
    }

    [Fact]
    public void Tensors_of_one_file_have_versions_of_their_own()
    {
        using var scope = NewDisposeScope();
        Write(1);
        var read = SafeTensors.Read(Target);
        var x = ones(Side, Side).requires_grad_();
        var product = (x * read["a"]).sum();
        read["b"].fill_(3);                                         // a tensor that the graph does not hold
        product.backward();
        Assert.Equal((float)Side * Side, x.grad!.sum().item<float>());
    }

    [Fact]
    public void Elements_at_odd_places_are_read()
    {
        using var scope = NewDisposeScope();
        var header = $$"""{"odd":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"F32","data_offsets":[1,{{1 + (4 * Side * Side)}}],"shape":[{{Side}},{{Side}}] } }""";
        var bytes = new byte[8 + header.Length + 1 + (4 * Side * Side)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(^4), 1.5f);
        File.WriteAllBytes(Target, bytes);
        Assert.Equal(1.5f, SafeTensors.Read(Target)["a"][Side - 1, Side - 1].item<float>());
    }

    [Fact]
    public void A_network_is_filled_and_the_file_let_go()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(Side, Side);
        SafeTensors.Write(Target, [new("weight", ones(Side, Side)), new("bias", zeros(Side))]);
        Weights.Load(network, Target);
        Assert.False(IsMapped());
        Assert.All(network.weight!.data<float>().ToArray(), v => Assert.Equal(1, v));
    }

    [Theory]
    [InlineData(-4, 4)]
    [InlineData(2, 4)]
    [InlineData(16, 1)]
    [InlineData(0, 5)]
    [InlineData(long.MaxValue - 3, 4)]
    public void A_tensor_never_leaves_its_memory(long offset, long count)
    {
        using var memory = new Bytes(16);
        var live = TensorMemory.Count;
        Assert.Throws<ArgumentException>(() => ForeignMemory.Tensor(memory, offset, ScalarType.Float32, count));
        Assert.Equal(live, TensorMemory.Count);
        memory.Dispose();
        Assert.True(memory.Freed);
    }

    private void Write(float value)
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(Target, [new("a", full([Side, Side], value)), new("b", full([Side, Side], value))]);
    }

    private bool IsMapped() => File.ReadAllText("/proc/self/maps").Contains(Target, StringComparison.Ordinal);

    private sealed class Bytes : System.Runtime.InteropServices.SafeBuffer
    {
        public Bytes(int count)
            : base(ownsHandle: true)
        {
            SetHandle(System.Runtime.InteropServices.Marshal.AllocHGlobal(count));
            Initialize((ulong)count);
        }

        public bool Freed { get; private set; }

        protected override bool ReleaseHandle()
        {
            System.Runtime.InteropServices.Marshal.FreeHGlobal(handle);
            return Freed = true;
        }
    }
}
