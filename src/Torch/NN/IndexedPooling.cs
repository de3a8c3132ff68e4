using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Pooling that takes one element a window. libtorch's gradient of some adds from many threads at once on a GPU; there,
/// where that must not be, the elements are found without recording and then gathered, whose gradient keeps an order.
/// </summary>
internal static class IndexedPooling
{
    /// <summary>The values of an operator that also tells where in each plane (…, H, W) it took them.</summary>
    internal static Tensor Of(string op, Tensor x, int axes, params ReadOnlySpan<Argument> arguments)
    {
        using var scope = NewDisposeScope();
        if (!Determinism.Routed(x))
        {
            return Aten.CallMany(op, [x, .. arguments])[0].MoveToOuterDisposeScope();
        }

        Tensor places;
        using (no_grad())
        {
            places = Aten.CallMany(op, [x, .. arguments])[1];
        }

        return x.flatten(-axes, -1).gather(-1, places.flatten(-axes, -1)).view(places.shape).MoveToOuterDisposeScope();
    }
}
