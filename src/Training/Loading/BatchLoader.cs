using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;

namespace Osteon.Training;

/// <summary>
/// Reads, augments and stacks batches ahead of the training step. Each sample's chance is keyed by (seed, epoch, position,
/// case, transform), so that the number of threads and where an epoch was entered change nothing.
/// </summary>
public sealed class BatchLoader(TrainJob job, InputSizes sizes)
{
    private readonly int _perEpoch = job.Training.Count * job.Plan.Repeat;

    private readonly AugmentationPipeline _augmentations = new(job.Augmentations);

    /// <summary>Steps an epoch; the last batch may be smaller.</summary>
    public int StepsPerEpoch => (_perEpoch + job.Plan.BatchSize - 1) / job.Plan.BatchSize;

    /// <summary>The batches of an epoch in their order, from a step on.</summary>
    /// <remarks>At most <see cref="TrainPlan.LoaderThreads"/> + 1 batches are held at a time.</remarks>
    public IEnumerable<Batch> Epoch(int epoch, int fromStep)
    {
        var order = Order(epoch);
        var ahead = new Queue<Task<Batch>>();
        var next = fromStep;
        while (next < StepsPerEpoch || ahead.Count > 0)
        {
            while (next < StepsPerEpoch && ahead.Count <= job.Plan.LoaderThreads)
            {
                var step = next++;
                ahead.Enqueue(Task.Run(() => Load(epoch, step, order)));
            }

            yield return ahead.Dequeue().GetAwaiter().GetResult();
        }
    }

    /// <summary>Validation samples one by one, as they are stored.</summary>
    public IEnumerable<(StoredCase Case, Batch Batch)> Validation()
    {
        var ahead = new Queue<(StoredCase, Task<Batch>)>();
        foreach (var source in job.Validation)
        {
            ahead.Enqueue((source, Task.Run(() => Collation.Stack([job.Store.Read(source)], [source.Source.Id], job.Plan.InChannels, sizes, job.Normalize))));
            if (ahead.Count > job.Plan.LoaderThreads)
            {
                yield return Take(ahead);
            }
        }

        while (ahead.Count > 0)
        {
            yield return Take(ahead);
        }
    }

    private static (StoredCase, Batch) Take(Queue<(StoredCase Case, Task<Batch> Batch)> ahead)
    {
        var (source, batch) = ahead.Dequeue();
        return (source, batch.GetAwaiter().GetResult());
    }

    private int[] Order(int epoch)
    {
        var order = Enumerable.Range(0, _perEpoch).ToArray();
        var random = RandomStream.For(job.Seed, "order", epoch);
        random.Shuffle(order.AsSpan());
        return order;
    }

    private Batch Load(int epoch, int step, int[] order)
    {
        var from = step * job.Plan.BatchSize;
        var positions = order.AsSpan(from, Math.Min(job.Plan.BatchSize, order.Length - from));
        var samples = new Sample[positions.Length];
        var ids = new string[positions.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var source = job.Training[positions[i] % job.Training.Count];
            ids[i] = source.Source.Id;
            samples[i] = Augment(job.Store.Read(source), epoch, positions[i] / job.Training.Count, ids[i]);
        }

        return Collation.Stack(samples, ids, job.Plan.InChannels, sizes, job.Normalize);
    }

    private Sample Augment(Sample sample, int epoch, int repeat, string id)
    {
        if (job.Plan.Crop > 0)
        {
            var random = RandomStream.For(job.Seed, "crop", epoch, repeat, id);
            sample = RandomCrop.Of(sample, job.Plan.Crop, ref random);
        }

        return _augmentations.Run(sample, RandomStream.For(job.Seed, "augment", epoch, repeat, id), new Workspace());
    }
}
