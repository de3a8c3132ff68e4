using static TorchSharp.torch;

namespace Osteon.TorchBenchmarks;

/// <summary>Something to learn: bright discs on noise, each class a brightness of its own.</summary>
internal static class Discs
{
    public static (Tensor Images, Tensor Targets) Draw(int batch, int classes, int size)
    {
        var images = randn(batch, 3, size, size) * 0.3;
        var targets = zeros(batch, classes, size, size);
        var (rows, columns) = (arange(size).reshape(size, 1), arange(size).reshape(1, size));
        for (var n = 0; n < batch; n++)
        {
            for (var k = 0; k < classes; k++)
            {
                var centre = rand(2).data<float>().ToArray();
                var radius = size * (0.1 + (0.04 * k));
                var disc = ((rows - (centre[0] * size)).square() + (columns - (centre[1] * size)).square()).le(radius * radius).to(ScalarType.Float32);
                targets.select(0, n).select(0, k).copy_(disc);
                images.select(0, n).add_(disc, 1.0 + k);
            }
        }

        return (images, targets);
    }
}
