using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>Patch, depth and batch of a two-dimensional U-Net, by nnU-Net's rules.</summary>
/// <remarks>
/// Isensee et al. 2021, doi:10.1038/s41592-020-01008-z, and nnU-Net 2's default planner: the patch begins at the median image; each axis is halved
/// while it has eight pixels or more and is not coarser than the other by a factor of two; the patch shrinks until two of it fit into the
/// memory; what is left of the memory makes the batch larger, up to a twentieth of all pixels.
/// </remarks>
/// <param name="Patch">Height and width, divisible by all strides.</param>
/// <param name="Strides">Of each stage, rows and columns, the finest first.</param>
/// <param name="Kernels">Likewise: 1 along an axis that is coarser than the other by a factor of two.</param>
/// <param name="BatchSize">At least 2.</param>
public sealed record NnUnetTopology(Frame Patch, IReadOnlyList<(int Rows, int Columns)> Strides, IReadOnlyList<(int Rows, int Columns)> Kernels, int BatchSize)
{
    private const int Base = 32;
    private const int Most = 512;
    private const int Convolutions = 2;
    private const double LargestSide = 2048;
    private const double LeastEdge = 4;
    private const int LeastBatch = 2;
    private const double MostOfData = 0.05;

    // What nnU-Net's reference, 512 × 512 in batches of 12, counts, and the gigabytes it is said to take.
    private const double ReferenceMemory = 85e6;
    private const double ReferenceGigabytes = 8;
    private const double ReferenceBatch = 12;

    /// <summary>Channels of each stage.</summary>
    public IReadOnlyList<int> Features => FeaturesOf(Strides.Count);

    /// <summary>The topology for a data set.</summary>
    /// <param name="spacing">Size of a pixel; only the ratio of its sides counts.</param>
    /// <param name="height">The median image's, in pixels of that size.</param>
    /// <param name="width">The same.</param>
    /// <param name="cases">Training cases.</param>
    /// <param name="labels">Classes, the background among them.</param>
    /// <param name="gigabytes">Memory of the GPU that is meant.</param>
    public static NnUnetTopology Of(Spacing spacing, double height, double width, int cases, int labels, double gigabytes)
    {
        double[] step = [spacing.Row, spacing.Column], median = [height, width];
        var (rows, columns) = (1 / step[0], 1 / step[1]);
        var scale = Math.Sqrt(LargestSide * LargestSide / (rows * columns));
        var network = Pool(step, [Math.Min(Math.Round(rows * scale), height), Math.Min(Math.Round(columns * scale), width)]);
        var memory = ReferenceMemory * gigabytes / ReferenceGigabytes;
        while (Count(network, labels) / ReferenceBatch * LeastBatch > memory)
        {
            var axis = network.Patch[0] / median[0] > network.Patch[1] / median[1] ? 0 : 1;
            var smaller = (double[])network.Patch.Clone();
            smaller[axis] -= network.Divisor[axis];                 // with fewer halvings a size in between may do
            var step2 = Pool(step, smaller).Divisor[axis];
            if (network.Patch[axis] - step2 < 2 * LeastEdge)
            {
                break;
            }

            network.Patch[axis] -= step2;
            network = Pool(step, network.Patch);
        }

        var batch = Math.Min(Math.Round(memory / Count(network, labels) * ReferenceBatch), Math.Round(height * width * cases * MostOfData / (network.Patch[0] * network.Patch[1])));
        return new NnUnetTopology(new Frame((int)network.Patch[0], (int)network.Patch[1]), network.Strides, network.Kernels, (int)Math.Max(batch, LeastBatch));
    }

    private static int[] FeaturesOf(int stages) => [.. Enumerable.Range(0, stages).Select(i => (int)Math.Min(Most, Math.ScaleB(Base, i)))];

    private static Network Pool(double[] spacing, double[] patch)
    {
        var (step, size, divisor, kernel) = ((double[])spacing.Clone(), (double[])patch.Clone(), new[] { 1, 1 }, new[] { 1, 1 });
        List<(int, int)> strides = [(1, 1)], kernels = [];
        while (true)
        {
            int[] large = [.. Axes.Where(axis => size[axis] >= 2 * LeastEdge)];
            int[] halved = [.. large.Where(axis => step[axis] / large.Min(other => step[other]) < 2)];
            if (halved.Length == 0 || (halved is [var only] && size[only] < 3 * LeastEdge))
            {
                break;
            }

            foreach (var axis in Axes.Where(axis => step[axis] / step.Min() < 2))
            {
                kernel[axis] = 3;
            }

            kernels.Add((kernel[0], kernel[1]));
            foreach (var axis in halved)
            {
                (step[axis], size[axis], divisor[axis]) = (step[axis] * 2, Math.Ceiling(size[axis] / 2), divisor[axis] * 2);
            }

            strides.Add((halved.Contains(0) ? 2 : 1, halved.Contains(1) ? 2 : 1));
        }

        kernels.Add((3, 3));                                        // the bottleneck's
        return new Network([.. Axes.Select(axis => Math.Ceiling(patch[axis] / divisor[axis]) * divisor[axis])], divisor, strides, kernels);
    }

    // Numbers that feature maps of one image hold: nnU-Net's measure of memory.
    private static double Count(Network network, int labels)
    {
        var features = FeaturesOf(network.Strides.Count);
        var (height, width) = (network.Patch[0], network.Patch[1]);
        var (sum, areas) = (0.0, new double[features.Length]);
        for (var i = 0; i < features.Length; i++)
        {
            (height, width) = (Math.Floor(height / network.Strides[i].Rows), Math.Floor(width / network.Strides[i].Columns));
            areas[i] = height * width;
            sum += Convolutions * features[i] * areas[i];
        }

        for (var i = 0; i < features.Length - 1; i++)
        {
            sum += (Convolutions + 1) * features[i] * areas[i];     // what was made larger, too
        }

        return sum + (labels * areas[0]);
    }

    private static IReadOnlyList<int> Axes { get; } = [0, 1];

    private sealed record Network(double[] Patch, int[] Divisor, IReadOnlyList<(int Rows, int Columns)> Strides, IReadOnlyList<(int Rows, int Columns)> Kernels);
}
