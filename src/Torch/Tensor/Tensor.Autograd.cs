using Osteon.Torch;
using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Adds the gradients of this tensor to the leaves it was computed from.</summary>
        /// <param name="grad_tensors">The gradient to start from; null for a scalar means 1.</param>
        /// <param name="retain_graph">Keeps what forward saved, for another backward pass.</param>
        /// <param name="create_graph">Records the backward pass, for gradients of gradients.</param>
        /// <param name="inputs">Leaves to add to; null: all.</param>
        public void backward(IReadOnlyList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IReadOnlyList<Tensor>? inputs = null)
        {
            var output = Handle;
            var gradients = Handles(grad_tensors ?? []);
            var leaves = Handles(inputs ?? []);
            fixed (nint* g = gradients, l = leaves)
            {
                var status = NativeMethods.osteon_backward(&output, g, 1, l, leaves.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0);
                if (status < 0)
                {
                    throw Native.Error(status, $"backward({(Argument)this})");
                }
            }

            GC.KeepAlive(this);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>Puts another tensor's memory, type and device under this one; its identity, and who refers to it, stay.</summary>
        internal void SetData(Tensor data)
        {
            Native.Check(NativeMethods.osteon_set_data(Handle, data.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(data);
        }

        internal static nint[] Handles(IReadOnlyList<Tensor> tensors)
        {
            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors[i].Handle;
            }

            return handles;
        }
    }

    /// <summary>Gradients without touching any <c>grad</c>.</summary>
    public static unsafe class autograd
    {
        /// <summary>Gradients of the outputs' weighted sum with respect to each input; null for one that is not used, where that is allowed.</summary>
        public static Tensor?[] grad(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Tensor.Handles(outputs), to = Tensor.Handles(inputs), weights = Tensor.Handles(grad_outputs ?? []), results = new nint[inputs.Count];
            fixed (nint* f = from, t = to, w = weights, r = results)
            {
                Native.Check(NativeMethods.osteon_gradients(f, w, from.Length, t, to.Length, retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Array.ConvertAll(results, handle => handle == 0 ? null : Tensor.Own(handle));
        }
    }

    // Each mode is its thread's own and lasts until disposed, on the same thread, last in, first out.

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.Check(NativeMethods.osteon_grad_mode(-1)) != 0;

    /// <summary>As <see cref="no_grad"/>, and what is made in it can never take part in a gradient.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    private sealed class GradMode(bool enabled) : IDisposable
    {
        private readonly ThreadOwned _thread = new();
        private int _before = Native.Check(NativeMethods.osteon_grad_mode(enabled ? 1 : 0));

        public void Dispose()
        {
            if (_before >= 0)
            {
                _thread.Check("no_grad or enable_grad");
                Native.Check(NativeMethods.osteon_grad_mode(_before));
                _before = -1;
            }
        }
    }

    private sealed unsafe class InferenceMode : IDisposable
    {
        private readonly ThreadOwned _thread = new();
        private nint _mode;

        public InferenceMode(bool on)
        {
            nint mode;
            Native.Check(NativeMethods.osteon_inference_enter(on ? 1 : 0, &mode));
            _mode = mode;
        }

        public void Dispose()
        {
            var mode = Interlocked.Exchange(ref _mode, 0);
            if (mode != 0)
            {
                _thread.Check("inference_mode");
                Native.Check(NativeMethods.osteon_inference_exit(mode));
            }
        }
    }
}
