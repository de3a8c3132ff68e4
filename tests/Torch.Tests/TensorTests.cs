using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>Reading, writing and converting tensors.</summary>
public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Keeps_an_arrays_type_shape_and_values()
    {
        var t = from_array(new short[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(int16, t.dtype);
        Assert.Equal([2, 3], t.shape);
        Assert.Equal([3, 1], t.stride());
        Assert.Equal([1, 2, 3, 4, 5, 6], t.data<short>().ToArray());
    }

    [Fact]
    public void Reads_a_transposed_tensor_in_the_order_of_its_indices()
    {
        var t = arange(6).reshape(2, 3).t();
        Assert.False(t.is_contiguous());
        Assert.Equal([0, 3, 1, 4, 2, 5], t.data<long>().ToArray());
        t.data<long>().CopyFrom([0, 1, 2, 3, 4, 5]);
        Assert.Equal(3, t.data<long>()[1, 1]);
        Assert.Throws<InvalidOperationException>(() => t.bytes.Length);
    }

    [Fact]
    public void Refuses_to_read_elements_as_another_type() =>
        Assert.Contains("data<Single>", Assert.Throws<InvalidOperationException>(() => ones(2).data<double>()).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_values_that_do_not_fill_the_shape() =>
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2f, 3f }, [2, 2]));

    [Theory]
    [InlineData(2.75)]
    [InlineData(-3)]
    public void Converts_a_single_element(double value)
    {
        var t = tensor(value);
        Assert.Equal(value, t.item<double>());
        Assert.Equal((float)value, t.ToSingle());
        Assert.Equal((long)value, t.ToInt64());
        Assert.True(t.ToBoolean());
    }

    [Fact]
    public void Writes_through_an_index()
    {
        var t = zeros(2, 3);
        t[1, ..2] = tensor(5f);
        t[.., 2] = tensor(new[] { 7f, 8f });
        Assert.Equal([0, 0, 7, 5, 5, 8], t.data<float>().ToArray());
        t[t > 6] = tensor(-1f);
        Assert.Equal([0, 0, -1, 5, 5, -1], t.data<float>().ToArray());
        t[TensorIndex.Ellipsis] = tensor(2f);
        Assert.Equal(12, t.sum().item<float>());
    }

    [Fact]
    public void Ranges_count_from_both_ends()
    {
        var t = arange(10);
        Assert.Equal([7, 8, 9], t[^3..].data<long>().ToArray());
        Assert.Equal([0, 1], t[..2].data<long>().ToArray());
        Assert.Equal([2, 3, 4], t[2..^5].data<long>().ToArray());
        Assert.Equal([], t[0..0].data<long>().ToArray());
        Assert.Equal(9, t[-1].item<long>());
    }

    [Fact]
    public void Changes_in_place_and_returns_itself()
    {
        var t = ones(3);
        Assert.Same(t, t.add_(1).mul_(3).clamp_(max: 5).sub_(tensor(1f)));
        Assert.Equal([4, 4, 4], t.data<float>().ToArray());
    }

    [Fact]
    public void Compares_element_by_element_and_as_a_whole()
    {
        var a = tensor(new[] { 1f, float.NaN, 3f });
        Assert.Equal([true, false, true], (a == a.clone()).data<bool>().ToArray());
        Assert.False(a.equal(a.clone()));
        Assert.True(a.allclose(a.clone(), equal_nan: true));
        Assert.Equal([false, true, false], a.isnan().data<bool>().ToArray());
        Assert.True(a.Equals(a));
    }

    [Fact]
    public void Channels_last_changes_the_order_in_memory_only()
    {
        var x = rand(2, 3, 4, 5);
        var y = x.contiguous(channels_last);
        Assert.True(y.is_contiguous(channels_last));
        Assert.Equal([60, 1, 15, 3], y.stride());
        Assert.True(x.equal(y));
        Assert.Equal(x.data<float>().ToArray(), y.data<float>().ToArray());
    }

    [Fact]
    public void Gradients_are_recorded_only_where_wanted()
    {
        var x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
        }

        using (inference_mode())
        {
            Assert.False((x * 2).requires_grad);
        }

        Assert.True(is_grad_enabled());
        (x * x).sum().backward();
        Assert.Equal([2, 2], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
        Assert.False(x.detach().requires_grad);
    }

    [Fact]
    public void Gradients_of_gradients()
    {
        var x = tensor(3.0, requires_grad: true);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0]!;
        Assert.Equal(27, first.item<double>(), 1e-12);
        first.backward();
        Assert.Equal(18, x.grad!.item<double>(), 1e-12);
    }

    [Fact]
    public void The_generators_state_brings_its_numbers_back()
    {
        manual_seed(3);
        var state = random.get_rng_state();
        var first = rand(5);
        random.set_rng_state(state);
        Assert.True(first.equal(rand(5)));
        using var own = new Generator(3);
        Assert.True(first.equal(rand(5, generator: own)));
        Assert.Equal(3L, own.initial_seed());
    }

    [Fact]
    public void Devices_are_read_and_compared_by_name()
    {
        Assert.Equal(new Device(DeviceType.CUDA, 1), device("cuda:1"));
        Assert.Equal("cuda:1", device("cuda:1").ToString());
        Assert.Equal(CPU, zeros(1).device);
        Assert.Throws<ArgumentException>(() => device("tpu"));
        Assert.Throws<ArgumentException>(() => device("cuda:-2"));
    }

    [Fact]
    public void Autocast_narrows_convolutions_and_ends_with_its_region()
    {
        using var conv = nn.Conv2d(1, 1, 3);
        using (Autocast.Enter(DeviceType.CPU, bfloat16))
        {
            Assert.Equal(bfloat16, conv.forward(zeros(1, 1, 8, 8)).dtype);
        }

        Assert.Equal(float32, conv.forward(zeros(1, 1, 8, 8)).dtype);
    }

    [Fact]
    public void Eight_threads_of_forward_passes_agree()
    {
        using var net = SmallUNet.Filled();
        net.eval();
        var x = Parity.Wave([1, 1, 32, 32]);
        using var grad = no_grad();
        var expected = net.forward(x).data<float>().ToArray();
        var wrong = 0;
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            using var own = no_grad();
            for (var i = 0; i < 20; i++)
            {
                using var scope = NewDisposeScope();
                Interlocked.Add(ref wrong, net.forward(x).data<float>().ToArray().SequenceEqual(expected) ? 0 : 1);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Determinism_is_switched_for_the_process()
    {
        Determinism.UseDeterministicAlgorithms();
        Assert.True(Determinism.Enabled);
        Determinism.UseDeterministicAlgorithms(false);
        Assert.False(Determinism.Enabled);
    }
}
