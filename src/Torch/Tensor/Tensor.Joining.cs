using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    // Further views, copies with some elements exchanged, and new tensors of this one's type and device.
    public partial class Tensor
    {
        public Tensor atleast_1d() => Aten.Call("atleast_1d", this);

        public Tensor atleast_2d() => Aten.Call("atleast_2d", this);

        public Tensor atleast_3d() => Aten.Call("atleast_3d", this);

        public Tensor broadcast_to(long[] shape) => Aten.Call("broadcast_to", this, shape);

        public Tensor moveaxis(long[] source, long[] destination) => Aten.Call("moveaxis.intlist", this, source, destination);

        public Tensor swapdims(long dim0, long dim1) => Aten.Call("swapdims", this, dim0, dim1);

        public Tensor ravel() => Aten.Call("ravel", this);

        public Tensor[] hsplit(long size) => Aten.CallMany("hsplit.int", this, size);

        public Tensor[] hsplit(long[] sizes) => Aten.CallMany("hsplit.array", this, sizes);

        public Tensor[] vsplit(long size) => Aten.CallMany("vsplit.int", this, size);

        public Tensor[] vsplit(long[] sizes) => Aten.CallMany("vsplit.array", this, sizes);

        public Tensor[] dsplit(long size) => Aten.CallMany("dsplit.int", this, size);

        public Tensor[] dsplit(long[] sizes) => Aten.CallMany("dsplit.array", this, sizes);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.Call("index_copy", this, dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.Call("index_fill.int_Scalar", this, dim, index, value);

        public Tensor select_scatter(Tensor src, long dim, long index) => Aten.Call("select_scatter", this, src, dim, index);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Aten.Call("slice_scatter", this, src, dim, start, end, step);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Call("diagonal_scatter", this, src, offset, dim1, dim2);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public Tensor[] tensor_split(long[] indices, long dim = 0) => Aten.CallMany("tensor_split.indices", this, indices, dim);

        public Tensor new_zeros(params long[] size) => zeros(size, dtype, device);

        public Tensor new_ones(params long[] size) => ones(size, dtype, device);

        public Tensor new_empty(params long[] size) => empty(size, dtype, device);

        public Tensor new_full(long[] size, Scalar value) => full(size, value, dtype, device);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty_like(this, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.rand_like(this, dtype, device, requires_grad);

        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.randn_like(this, dtype, device, requires_grad);

        public bool is_integral() => dtype is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

        public bool is_cpu => device_type == DeviceType.CPU;

        public int device_index => device.index;

        public bool is_nonzero() => ToScalar().ToBoolean();

        /// <summary>Keeps the gradient of a tensor that is no leaf, too.</summary>
        public void retain_grad() => Aten.Run("retain_grad", this);
    }
}
