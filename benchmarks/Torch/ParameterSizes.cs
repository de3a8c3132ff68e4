namespace Osteon.TorchBenchmarks;

/// <summary>Shapes of the parameters of torchvision's resnet50, in its order: 161 tensors, 25,557,032 numbers.</summary>
internal static class ParameterSizes
{
    public static IReadOnlyList<long[]> ResNet50 { get; } = [.. Shapes()];

    private static IEnumerable<long[]> Shapes()
    {
        yield return [64, 3, 7, 7];
        yield return [64];
        yield return [64];
        var channels = 64L;
        foreach (var (blocks, width) in new[] { (3, 64L), (4, 128L), (6, 256L), (3, 512L) })
        {
            for (var block = 0; block < blocks; block++)
            {
                long[][] kernels = [[width, channels, 1, 1], [width, width, 3, 3], [width * 4, width, 1, 1], [width * 4, channels, 1, 1]];
                foreach (var kernel in kernels.Take(block == 0 ? 4 : 3))
                {
                    yield return kernel;
                    yield return [kernel[0]];
                    yield return [kernel[0]];
                }

                channels = width * 4;
            }
        }

        yield return [1000, 2048];
        yield return [1000];
    }
}
