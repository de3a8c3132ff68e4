using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Osteon.Torch.Interop;

/// <summary>What a step of Adam does to each weight, as in optimizers.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamStep
{
    public double Beta1, Beta2, Eps, Penalty, Keep, Rate, Correction;
}

/// <summary>What a step with momentum does to each weight, as in optimizers.cpp.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MomentumStep
{
    public double Momentum, Rest, Penalty, Rate;
    public long Nesterov;
}

/// <summary>An optimiser's update in one pass over memory. False, and nothing done, where the tensors are not float32 on the CPU in one layout.</summary>
internal static unsafe class FusedUpdate
{
    public static bool Adam(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamStep step)
    {
        var done = Native.Check(NativeMethods.osteon_adam(parameter.Handle, gradient.Handle, mean.Handle, square.Handle, &step)) != 0;
        Keep(parameter, gradient, mean, square);
        return done;
    }

    public static bool Momentum(Tensor parameter, Tensor gradient, Tensor velocity, MomentumStep step)
    {
        var done = Native.Check(NativeMethods.osteon_momentum(parameter.Handle, gradient.Handle, velocity.Handle, &step)) != 0;
        Keep(parameter, gradient, velocity);
        return done;
    }

    private static void Keep(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            GC.KeepAlive(tensor);
        }
    }
}
