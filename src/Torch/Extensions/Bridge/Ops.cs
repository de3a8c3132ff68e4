using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Operators without a name of their own here.</summary>
    public static class ops
    {
        /// <summary>Any ATen operator with one tensor result, e.g. <c>torch.ops.aten("logcumsumexp", x, 1)</c>; see <see cref="Aten"/>.</summary>
        public static Tensor aten(string name, params ReadOnlySpan<Argument> arguments) => Aten.Call(name, arguments);
    }
}
