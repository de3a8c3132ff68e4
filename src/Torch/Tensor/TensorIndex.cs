using System.Diagnostics.CodeAnalysis;
using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One index between a tensor's brackets: a number, a range, a mask, positions, a new axis or "the rest".</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Slice, Single, Bool and Tensor are the named alternatives.")]
    [SuppressMessage("Performance", "CA1815", Justification = "Never compared.")]
    public readonly struct TensorIndex
    {
        private enum Kind
        {
            Slice,
            Single,
            Bool,
            Tensor,
            Ellipsis,
            NewAxis,
        }

        private readonly Kind _kind;
        private readonly long? _start;
        private readonly long? _stop;
        private readonly long _step;
        private readonly Tensor? _tensor;

        private TensorIndex(Kind kind, long? start = null, long? stop = null, long step = 1, Tensor? tensor = null) =>
            (_kind, _start, _stop, _step, _tensor) = (kind, start, stop, step, tensor);

        /// <summary>As many whole dimensions as are left over.</summary>
        public static TensorIndex Ellipsis { get; } = new(Kind.Ellipsis);

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex None { get; } = new(Kind.NewAxis);

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex Null => None;

        /// <summary>A whole dimension.</summary>
        public static TensorIndex Colon { get; } = new(Kind.Slice);

        /// <summary>Elements start, start + step, … before stop; negative bounds count from the end.</summary>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step ?? 1);

        public static TensorIndex Single(long? index) => index is null ? None : new(Kind.Single, index);

        public static TensorIndex Bool(bool value) => new(Kind.Bool, value ? 1 : 0);

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, tensor: tensor);

        public static implicit operator TensorIndex(int value) => new(Kind.Single, value);
        public static implicit operator TensorIndex(long value) => new(Kind.Single, value);
        public static implicit operator TensorIndex(bool value) => Bool(value);
        public static implicit operator TensorIndex(Tensor tensor) => Tensor(tensor);
        public static implicit operator TensorIndex((long? Start, long? Stop) range) => Slice(range.Start, range.Stop);
        public static implicit operator TensorIndex(Range range) => Slice(Bound(range.Start, 0), Bound(range.End, null));

        private static long? Bound(Index index, long? open) => index.IsFromEnd ? index.Value == 0 ? null : -index.Value : index.Value == 0 ? open ?? 0 : index.Value;

        /// <summary>
        /// The view of the plain indices, and the tensors to gather by, in the order of the view's dimensions (null: the whole
        /// dimension); empty when there are none.
        /// </summary>
        internal static (Tensor View, Tensor?[] Gather) Resolve(Tensor tensor, TensorIndex[] indices)
        {
            var view = tensor.Share();
            var gather = new List<Tensor?>();
            var taken = indices.Sum(i => i._kind is Kind.Slice or Kind.Single ? 1 : i._kind == Kind.Tensor ? i.Taken : 0);
            long dim = 0;
            foreach (var index in indices)
            {
                switch (index._kind)
                {
                    case Kind.Single:
                        view = view.select(dim, index._start!.Value);
                        break;
                    case Kind.Slice:
                        if (index._start is not null || index._stop is not null || index._step != 1)
                        {
                            view = view.slice(dim, index._start ?? 0, index._stop ?? long.MaxValue, index._step);
                        }

                        dim++;
                        gather.Add(null);
                        break;
                    case Kind.Ellipsis:
                        gather.AddRange(new Tensor?[tensor.ndim - taken]);
                        dim += tensor.ndim - taken;
                        break;
                    case Kind.NewAxis:
                        view = view.unsqueeze(dim++);
                        gather.Add(null);
                        break;
                    case Kind.Bool:
                        view = view.unsqueeze(dim).narrow(dim, 0, index._start!.Value);
                        dim++;
                        gather.Add(null);
                        break;
                    default:
                        gather.Add(index._tensor);
                        dim += index.Taken;
                        break;
                }
            }

            return (view, gather.Exists(t => t is not null) ? [.. gather] : []);
        }

        /// <summary>Dimensions that a tensor index uses up: a mask as many as it has, positions one.</summary>
        private int Taken => _tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)_tensor.ndim : 1;
    }

    public partial class Tensor
    {
        /// <summary>
        /// Reading: a view, or a copy when an index is a tensor. Writing: into this tensor, broadcast. As in PyTorch; steps are
        /// positive.
        /// </summary>
        public Tensor this[params TensorIndex[] indices]
        {
            get
            {
                using var scope = NewDisposeScope();
                var (view, gather) = TensorIndex.Resolve(this, indices);
                var result = gather.Length == 0 ? view : Aten.Call("index.Tensor", view, Argument.Optional(gather));
                return result.MoveToOuterDisposeScope();
            }

            set
            {
                using var scope = NewDisposeScope();
                var (view, gather) = TensorIndex.Resolve(this, indices);
                if (gather.Length == 0)
                {
                    view.copy_(value);
                }
                else
                {
                    Aten.Run("index_put_", view, Argument.Optional(gather), value);
                }
            }
        }
    }
}
