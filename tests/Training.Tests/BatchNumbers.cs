using Osteon.Training;
using static TorchSharp.torch;

namespace Osteon.Training.Tests;

/// <summary>What a network and its loss get of a batch.</summary>
internal static class BatchNumbers
{
    /// <summary>(N, C, H, W) and (N, K, H, W), row-major; the batch is disposed.</summary>
    public static (float[] Images, float[] Targets) Of(Batch batch)
    {
        using var scope = NewDisposeScope();
        using (batch)
        {
            var (images, targets) = batch.ToTensors(CPU);
            return (images.contiguous().data<float>().ToArray(), targets.contiguous().data<float>().ToArray());
        }
    }
}
