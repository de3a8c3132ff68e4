namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>A tensor that an optimiser trains. It belongs to no scope: the module that registers it frees it.</summary>
    public sealed class Parameter : torch.Tensor
    {
        /// <summary>Takes over the data; the tensor given is disposed.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : this(Surrender(data), requires_grad)
        {
        }

        private Parameter((nint Handle, int Kibibytes) data, bool requires_grad)
            : base(data.Handle, data.Kibibytes) => this.requires_grad = requires_grad;
    }
}
