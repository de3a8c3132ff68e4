namespace TorchSharp;

public static partial class torch
{
    public static class utils
    {
        /// <summary>Samples by number, and the batches made of them.</summary>
        public static class data
        {
            /// <summary>Samples by number.</summary>
            public abstract class Dataset<T> : IDisposable
            {
                public abstract long Count { get; }

                /// <summary>One sample; whoever asks owns its tensors.</summary>
                public abstract T GetTensor(long index);

                public void Dispose()
                {
                    Dispose(true);
                    GC.SuppressFinalize(this);
                }

                protected virtual void Dispose(bool disposing)
                {
                }
            }

            /// <summary>Samples of named tensors.</summary>
            public abstract class Dataset : Dataset<Dictionary<string, Tensor>>;

            /// <summary>Samples of tensors in an order.</summary>
            public abstract class IterableDataset : Dataset<IList<Tensor>>;

            /// <summary>Batches of named tensors. Disposing it disposes the data set.</summary>
            public static Modules.DataLoader DataLoader(Dataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, bool drop_last = false) =>
                new(dataset, batchSize, shuffle, device, seed, drop_last);

            /// <summary>Batches of tensors in an order. Disposing it disposes the data set.</summary>
            public static Modules.IterableDataLoader DataLoader(IterableDataset dataset, int batchSize, bool shuffle = false, Device? device = null, int? seed = null, bool drop_last = false) =>
                new(dataset, batchSize, shuffle, device, seed, drop_last);

            /// <summary>Slices, along their first dimension, of tensors that agree in it.</summary>
            public static Modules.TensorDataset TensorDataset(params Tensor[] tensors) => new(tensors);
        }
    }
}
