using Osteon.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long[] shape
        {
            get
            {
                var sizes = stackalloc long[MostDimensions];
                var count = Native.Check(NativeMethods.osteon_tensor_sizes(Handle, sizes, MostDimensions));
                GC.KeepAlive(this);
                return new ReadOnlySpan<long>(sizes, count).ToArray();
            }
        }

        public ScalarType dtype => (ScalarType)Info.Dtype;

        public Device device => Device.Unpack(Info.Device);

        public DeviceType device_type => device.type;

        public long ndim => Info.Dimensions;

        public long NumberOfElements => Info.Elements;

        /// <summary>Bytes of one element.</summary>
        public long ElementSize => Info.ElementSize;

        public bool is_leaf => Info.Flags.HasFlag(TensorFlags.Leaf);

        public bool is_cuda => device_type == DeviceType.CUDA;

        /// <summary>Whether gradients are recorded; only leaves can be switched off.</summary>
        public bool requires_grad
        {
            get => Info.Flags.HasFlag(TensorFlags.RequiresGrad);
            set
            {
                Native.Check(NativeMethods.osteon_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The accumulated gradient, a new wrapper each time; null before the first backward.</summary>
        public Tensor? grad
        {
            get
            {
                nint found;
                Native.Check(NativeMethods.osteon_grad(Handle, &found));
                GC.KeepAlive(this);
                return found == 0 ? null : Own(found);
            }

            set
            {
                Native.Check(NativeMethods.osteon_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        private TensorInfo Info
        {
            get
            {
                TensorInfo info;
                Native.Check(NativeMethods.osteon_tensor_info(Handle, &info));
                GC.KeepAlive(this);
                return info;
            }
        }

        public long dim() => ndim;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        /// <summary>The size of one dimension; negative counts from the last.</summary>
        public long size(int dim)
        {
            var sizes = shape;
            return sizes[dim < 0 ? sizes.Length + dim : dim];
        }

        public long[] stride()
        {
            var strides = stackalloc long[MostDimensions];
            var count = Native.Check(NativeMethods.osteon_tensor_strides(Handle, strides, MostDimensions));
            GC.KeepAlive(this);
            return new ReadOnlySpan<long>(strides, count).ToArray();
        }

        public bool is_contiguous(memory_format memory_format = memory_format.contiguous_format) =>
            Info.Flags.HasFlag(memory_format == memory_format.channels_last ? TensorFlags.ChannelsLast : TensorFlags.Contiguous);

        public bool is_floating_point() => dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Type, shape and device; small tensors with their values.</summary>
        public override string ToString()
        {
            if (IsInvalid)
            {
                return "Tensor (disposed)";
            }

            var head = $"{dtype}[{string.Join(", ", shape)}], device = {device}";
            return NumberOfElements is > 0 and <= 16 && is_floating_point()
                ? $"{head}, [{string.Join(", ", ToArray(ScalarType.Float64, static (Tensor t) => t.data<double>().ToArray()).Select(v => v.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)))}]"
                : head;
        }

        private TResult ToArray<TResult>(ScalarType type, Func<Tensor, TResult> read)
        {
            using var scope = NewDisposeScope();
            return read(detach().to(type).cpu());
        }
    }
}
