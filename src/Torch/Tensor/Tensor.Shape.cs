using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Views and copies. All but clone, contiguous, reshape, repeat, flip, roll and the index gathers share memory with this tensor.
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Aten.Call("view", this, shape);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor reshape(params long[] shape) => Aten.Call("reshape", this, shape);

        public Tensor permute(params long[] permutation) => Aten.Call("permute", this, permutation);

        public Tensor transpose(long dim0, long dim1) => Aten.Call("transpose.int", this, dim0, dim1);

        public Tensor t() => Aten.Call("t", this);

        public Tensor unsqueeze(long dim) => Aten.Call("unsqueeze", this, dim);

        public Tensor squeeze() => Aten.Call("squeeze", this);

        public Tensor squeeze(long dim) => Aten.Call("squeeze.dim", this, dim);

        public Tensor expand(params long[] sizes) => Aten.Call("expand", this, sizes);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Call("flatten.using_ints", this, start_dim, end_dim);

        public Tensor repeat(params long[] sizes) => Aten.Call("repeat", this, sizes);

        public Tensor repeat_interleave(long repeats, long? dim = null) => Aten.Call("repeat_interleave.self_int", this, repeats, dim);

        public Tensor flip(params long[] dims) => Aten.Call("flip", this, dims);

        public Tensor rot90(long k = 1, (long, long)? dims = null) => Aten.Call("rot90", this, k, new[] { dims?.Item1 ?? 0, dims?.Item2 ?? 1 });

        public Tensor roll(long[] shifts, long[] dims) => Aten.Call("roll", this, shifts, dims);

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);

        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);

        /// <summary>Elements start, start + step, … before finish along a dimension.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => Aten.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        public Tensor[] chunk(long chunks, long dim = 0) => Aten.CallMany("chunk", this, chunks, dim);

        public Tensor[] split(long size, long dim = 0) => Aten.CallMany("split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Aten.CallMany("split_with_sizes", this, sizes, dim);

        public Tensor[] unbind(long dimension = 0) => Aten.CallMany("unbind.int", this, dimension);

        /// <summary>The same elements laid out one after another in the given order; this memory where it already is.</summary>
        public Tensor contiguous(memory_format memory_format = memory_format.contiguous_format) => Aten.Call("contiguous", this, memory_format);

        public Tensor clone(memory_format? memory_format = null) => memory_format is { } format ? Aten.Call("clone", this, format) : Aten.Call("clone", this);

        /// <summary>The same memory without its gradient history.</summary>
        public Tensor detach() => Aten.Call("detach", this);

        public Tensor detach_() => InPlace("detach_");

        /// <summary>Views this tensor's memory from an element on, with steps of one's own.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Aten.Call("as_strided", this, size, strides, storageOffset);

        /// <summary>Puts another tensor's memory, shape and steps under this one.</summary>
        public Tensor set_(Tensor source) => InPlace("set_.source_Tensor", source);

        /// <summary>A view of the whole.</summary>
        public Tensor alias() => Aten.Call("alias", this);

        // Where nothing changes, each `to` is a new wrapper over this memory.
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Consumed(disposeAfter, Aten.Call("to.dtype", this, type, non_blocking, copy));

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Consumed(disposeAfter, Aten.Call("to.device", this, device, dtype, non_blocking, copy));

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => Consumed(disposeAfter, Aten.Call("to.device", this, device, type, non_blocking, copy));

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other) => to(other.dtype, other.device);

        public Tensor to_type(ScalarType type) => to(type);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor cpu() => to(torch.CPU);

        public Tensor cuda(Device? device = null) => to(device ?? torch.CUDA);

        /// <summary>A copy in memory that a GPU can read by itself, from which <c>to</c> with non_blocking returns at once.</summary>
        /// <exception cref="TorchException">There is no GPU.</exception>
        public Tensor pin_memory() => Aten.Call("pin_memory", this);

        /// <summary>Whether a GPU can read its memory by itself.</summary>
        public bool is_pinned() => Aten.CallInteger("is_pinned", this) != 0;

        /// <summary>The result of a conversion, after which this tensor may be wanted no more.</summary>
        private Tensor Consumed(bool disposeAfter, Tensor result)
        {
            if (disposeAfter)
            {
                Dispose();
            }

            return result;
        }
    }
}
