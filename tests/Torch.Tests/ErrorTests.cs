using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>What libtorch refuses reaches the caller with its text, the operator and the shapes.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Names_the_operator_and_the_shapes_that_do_not_fit()
    {
        var error = Assert.ThrowsAny<ExternalException>(() => zeros(2, 3) + zeros(4, 5));
        Assert.StartsWith("The size of tensor a (3) must match the size of tensor b (5)", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("in add.Tensor(Float32[2, 3], Float32[4, 5])", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_argument_of_a_wrong_type()
    {
        var error = Assert.Throws<TorchException>(() => Aten.Call("relu", 3));
        Assert.Contains("argument 'self' has the wrong type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_missing_argument() =>
        Assert.Contains("argument 'other' is missing", Assert.Throws<TorchException>(() => Aten.Call("add.Tensor", zeros(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_an_unknown_operator() =>
        Assert.Contains("no operator aten::relux", Assert.Throws<TorchException>(() => Aten.Call("relux", zeros(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_too_many_arguments() =>
        Assert.Contains("too many", Assert.Throws<TorchException>(() => Aten.Call("relu", zeros(1), 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_an_index_out_of_range() =>
        Assert.Contains("index 5 out of range for tensor of size [3]", Assert.Throws<TorchException>(() => zeros(3)[5]).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_backward_from_more_than_a_scalar() =>
        Assert.Contains("grad can be implicitly created only for scalar outputs", Assert.Throws<TorchException>(() => ones(2, 2, requires_grad: true).mul(2).backward()).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_backward_with_the_shape_it_began_at() =>
        Assert.EndsWith("in backward(Float32[2, 2])", Assert.Throws<TorchException>(() => ones(2, 2, requires_grad: true).mul(2).backward()).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_a_change_in_place_of_a_leaf() =>
        Assert.Contains("leaf Variable that requires grad", Assert.Throws<TorchException>(() => ones(2, requires_grad: true).add_(1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Reports_a_convolution_with_the_wrong_channels()
    {
        using var conv = Conv2d(3, 4, 3);
        var error = Assert.Throws<TorchException>(() => conv.forward(zeros(1, 1, 8, 8)));
        Assert.Contains("expected input[1, 1, 8, 8] to have 3 channels", error.Message, StringComparison.Ordinal);
        Assert.Contains("conv2d(Float32[1, 1, 8, 8], Float32[4, 3, 3, 3], Float32[4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_out_of_memory_is_an_OutOfMemoryException() =>
        Assert.ThrowsAny<OutOfMemoryException>(() => empty(1L << 50));

    [Fact]
    public void Running_out_of_memory_tells_the_operator_and_what_tensors_hold()
    {
        using var held = zeros(1 << 20);
        var error = Assert.Throws<TorchOutOfMemoryException>(() => held.expand(1L << 30, 1 << 20).clone());
        Assert.Contains("allocate memory", error.Message, StringComparison.Ordinal);
        Assert.Contains("in clone(Float32[1073741824, 1048576])", error.Message, StringComparison.Ordinal);
        Assert.Contains("live tensors that hold", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_a_device_that_is_absent()
    {
        Assert.SkipWhen(cuda.is_available(), "has a GPU");
        Assert.ThrowsAny<ExternalException>(() => zeros(1).to(CUDA));
    }

    [Fact]
    public void Use_after_dispose_is_an_ObjectDisposedException()
    {
        var gone = zeros(2);
        gone.Dispose();
        gone.Dispose();
        Assert.True(gone.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => gone + 1);
        Assert.Throws<ObjectDisposedException>(() => 1 + gone);
        Assert.Throws<ObjectDisposedException>(() => gone.shape);
        Assert.Throws<ObjectDisposedException>(() => cat([zeros(1), gone]));
        Assert.Throws<ObjectDisposedException>(() => gone.requires_grad = true);
        Assert.Equal("Tensor (disposed)", gone.ToString());
    }

    [Fact]
    public void An_accessor_of_a_disposed_tensor_is_no_good()
    {
        var t = arange(6);
        var data = t.data<long>();
        t.Dispose();
        Assert.Throws<ObjectDisposedException>(() => data[0]);
        Assert.Throws<ObjectDisposedException>(data.ToArray);
    }

    [Fact]
    public void An_error_on_one_thread_leaves_anothers_message_alone()
    {
        var messages = new string[8];
        Parallel.For(0, messages.Length, i =>
        {
            using var scope = NewDisposeScope();
            messages[i] = Assert.Throws<TorchException>(() => zeros(2 + i).view(1)).Message;
        });
        for (var i = 0; i < messages.Length; i++)
        {
            Assert.Contains($"invalid for input of size {2 + i}", messages[i], StringComparison.Ordinal);
        }
    }
}
