using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>Keeps a step from being too long.</summary>
public static class GradientClipping
{
    /// <summary>Clips a network's gradients as the plan says, in place.</summary>
    public static void Clip(Network network, TrainPlan plan)
    {
        if (plan.GradientClipVal <= 0)
        {
            return;
        }

        if (plan.GradientClipAlgorithm == GradientClip.Value)
        {
            nn.utils.clip_grad_value_(network.parameters(), plan.GradientClipVal);
        }
        else
        {
            nn.utils.clip_grad_norm_(network.parameters(), plan.GradientClipVal);
        }
    }
}
