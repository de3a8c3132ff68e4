using System.Collections.Concurrent;
using Osteon.Abstractions;
using Osteon.Datasets;
using TorchSharp;

namespace Osteon.Training;

/// <summary>
/// Reads, augments and stacks batches ahead of the training step. Each sample depends on (seed, epoch, index) alone, so that the number of
/// threads and where an epoch was entered change nothing. Memory is lent and taken back: after the first batches nothing of a sample's
/// size is allocated any more.
/// </summary>
public sealed class BatchLoader : IDisposable
{
    private readonly TrainJob _job;
    private readonly InputSizes _sizes;
    private readonly SampleMaker _samples;
    private readonly bool _pinned;
    private readonly ConcurrentBag<Workspace[]> _workspaces = [];
    private readonly ConcurrentBag<BatchBuffer> _buffers = [];

    /// <summary>The batches of a job.</summary>
    /// <param name="job">What is trained on what.</param>
    /// <param name="sizes">Which images the network takes.</param>
    public BatchLoader(TrainJob job, InputSizes sizes) =>
        (_job, _sizes, _samples, _pinned) = (job, sizes, new SampleMaker(job.Samples), job.Device.type == DeviceType.CUDA);

    /// <summary>Samples an epoch.</summary>
    public int SamplesPerEpoch => _samples.PerEpoch;

    /// <summary>Steps an epoch; the last batch may be smaller.</summary>
    public int StepsPerEpoch => (_samples.PerEpoch + _job.Plan.BatchSize - 1) / _job.Plan.BatchSize;

    /// <summary>The batches of an epoch in their order, from a step on; each is the caller's to dispose.</summary>
    /// <remarks>At most <see cref="TrainPlan.LoaderThreads"/> + 1 batches are held at a time.</remarks>
    public IEnumerable<Batch> Epoch(int epoch, int fromStep) =>
        Ahead(Enumerable.Range(fromStep, Math.Max(StepsPerEpoch - fromStep, 0)), step => Load(epoch, step));

    /// <summary>Validation samples one by one, as they are stored; each is the caller's to dispose.</summary>
    public IEnumerable<(StoredCase Case, Batch Batch)> Validation() =>
        _job.Validation.Zip(Ahead(_job.Validation, Load));

    /// <summary>A batch of samples that are at hand, in the loader's memory.</summary>
    public Batch Assemble(IReadOnlyList<Sample> samples, IReadOnlyList<string> cases) =>
        Collation.Stack(samples, cases, _job.Plan.InChannels, _sizes, _job.Normalize, _buffers.TryTake(out var free) ? free : new BatchBuffer(_pinned), b => _buffers.Add(b.Buffer));

    /// <summary>Frees the memory of batches that were given back.</summary>
    public void Dispose()
    {
        while (_buffers.TryTake(out var buffer))
        {
            buffer.Dispose();
        }
    }

    private IEnumerable<Batch> Ahead<T>(IEnumerable<T> sources, Func<T, Batch> load)
    {
        // A batch begins when the one that many threads before it is done: so many run at a time, and one more is held.
        var lanes = new Task<Batch>?[_job.Plan.LoaderThreads];
        var ahead = new Queue<Task<Batch>>();
        try
        {
            foreach (var (i, source) in sources.Index())
            {
                ref var lane = ref lanes[i % lanes.Length];
                lane = lane?.ContinueWith(_ => load(source), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default) ?? Task.Run(() => load(source));
                ahead.Enqueue(lane);
                if (ahead.Count > _job.Plan.LoaderThreads)
                {
                    yield return ahead.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (ahead.TryDequeue(out var next))
            {
                yield return next.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Left early: what is under way is finished, and its memory taken back.
            foreach (var task in ahead)
            {
                task.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
                if (task.IsCompletedSuccessfully)
                {
                    task.Result.Dispose();
                }
            }
        }
    }

    private Batch Load(int epoch, int step)
    {
        var order = _samples.Order(epoch);
        var from = step * _job.Plan.BatchSize;
        return Stack(Math.Min(_job.Plan.BatchSize, order.Length - from), (i, workspace) => _samples.Make(epoch, from + i, workspace), i => _samples.Cases.NameOf(order[from + i]));
    }

    private Batch Load(StoredCase source) => Stack(1, (_, workspace) => _job.Images?.Read(_job.Store, source, workspace) ?? _job.Store.Read(source, workspace), _ => source.Id);

    private Batch Stack(int count, Func<int, Workspace, Sample> make, Func<int, string> name)
    {
        var workspaces = _workspaces.TryTake(out var used) ? used : [.. Enumerable.Range(0, _job.Plan.BatchSize).Select(_ => new Workspace())];
        try
        {
            var samples = new Sample[count];
            var names = new string[count];
            for (var i = 0; i < count; i++)
            {
                (samples[i], names[i]) = (make(i, workspaces[i]), name(i));
                workspaces[i].Keep(samples[i]);
            }

            return Assemble(samples, names);
        }
        finally
        {
            foreach (var workspace in workspaces)
            {
                workspace.Reset();
            }

            _workspaces.Add(workspaces);
        }
    }
}
