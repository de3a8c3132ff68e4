using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Models;

/// <summary>Applies a <see cref="MobileActivation"/>.</summary>
internal static class MobileActivations
{
    /// <summary>ReLUs overwrite what they are given, as autograd lets them without a copy.</summary>
    public static Tensor Apply(MobileActivation activation, Tensor x) => activation switch
    {
        MobileActivation.ReLU => functional.relu(x, inplace: true),
        MobileActivation.ReLU6 => functional.relu6(x, inplace: true),
        MobileActivation.SiLU => functional.silu(x),
        MobileActivation.Hardswish => functional.hardswish(x),
        MobileActivation.GELU => functional.gelu(x),
        _ => x,
    };
}
