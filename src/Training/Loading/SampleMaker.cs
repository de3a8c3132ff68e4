using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Training;

/// <summary>
/// Makes the samples of a job: which case, which crop, which augmentations. All of it depends on (seed, epoch, index) alone, where the
/// index counts an epoch's samples from 0. Safe for any number of threads, each with a workspace of its own.
/// </summary>
public sealed class SampleMaker
{
    private readonly SampleJob _job;
    private readonly AugmentationPipeline _augmentations;
    private readonly int _forcedFrom;
    private readonly int _copies;
    private (int Epoch, int[] Places)? _order;

    /// <summary>The samples of a job.</summary>
    /// <exception cref="ConfigurationException">The sampler does not go with the cases.</exception>
    public SampleMaker(SampleJob job)
    {
        (_job, _augmentations, Cases) = (job, new AugmentationPipeline(job.Augmentations), new TrainingCases(job));
        _copies = job.Plan.RepeatedAugmentation;
        // nnU-Net: the last round(batch · share) samples of each batch are forced.
        _forcedFrom = (int)Math.Round(job.Plan.BatchSize * (1 - job.Plan.Foreground), MidpointRounding.ToEven);
        if (job.Sampler.ClashWith(Cases) is { } clash)
        {
            throw new ConfigurationException(clash);
        }
    }

    /// <summary>The cases samples are made of.</summary>
    public TrainingCases Cases { get; }

    /// <summary>Samples an epoch.</summary>
    public int PerEpoch => Cases.Count * _job.Plan.Repeat * _copies;

    /// <summary>The case of each sample of an epoch, as places in <see cref="Cases"/>.</summary>
    public int[] Order(int epoch)
    {
        lock (_augmentations)
        {
            if (_order?.Epoch != epoch)
            {
                var draws = _job.Sampler.Draw(Cases, Cases.Count * _job.Plan.Repeat, RandomStream.For(_job.Seed, "order", epoch));
                _order = (epoch, _copies == 1 ? draws : [.. draws.SelectMany(d => Enumerable.Repeat(d, _copies))]);
            }

            return _order.Value.Places;
        }
    }

    /// <summary>One sample of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">In [0, <see cref="PerEpoch"/>).</param>
    /// <param name="workspace">Owns the sample.</param>
    /// <param name="log">Takes what was drawn, or null.</param>
    public Sample Make(int epoch, int index, Workspace workspace, ICollection<AugmentationStep>? log = null) =>
        Make(Order(epoch)[index], epoch, index, workspace, log);

    /// <summary>What the sample of an epoch and index would be, were it made of another case.</summary>
    public Sample Make(int @case, int epoch, int index, Workspace workspace, ICollection<AugmentationStep>? log = null)
    {
        return _augmentations.Run(Cut(@case, epoch, index, workspace), AugmentationStream(epoch, index), workspace, Cases, log);
    }

    /// <summary>The same before augmentation: the case as it is stored, cropped where the plan crops, smaller where its images grow.</summary>
    public Sample Cut(int @case, int epoch, int index, Workspace workspace)
    {
        var sample = Cases.Read(@case, workspace);
        if (_job.Plan.Crop > 0)
        {
            var random = StreamOf(epoch, index).At(0);
            var (plan, outside) = (_job.Plan, _job.Plan.CropOutside ?? 0);
            sample = plan.Foreground > 0 || outside > 0
                ? PatchCrop.OverBorder(sample, plan.Crop, outside, index % plan.BatchSize >= _forcedFrom, ref random, workspace)
                : PatchCrop.Anywhere(sample, plan.Crop, ref random, workspace);
            workspace.Keep(sample);
        }

        return Reduced(sample, ProgressivePhase.SizeAt(_job.Plan.Progressive, epoch), workspace);
    }

    /// <summary>What a sample's augmentations are drawn from.</summary>
    public RandomStream AugmentationStream(int epoch, int index) => StreamOf(epoch, index).At(1);

    // Grey levels by area, label words by the nearest, as Convert makes images smaller.
    private static Sample Reduced(Sample sample, int size, Workspace workspace)
    {
        var (height, width) = sample.Image.Frame;
        var longer = Math.Max(height, width);
        if (size == 0 || size >= longer)
        {
            return sample;
        }

        var to = new Frame(Side(height), Side(width));
        sample = GeometryRun.Apply(sample, [new GridResize(sample.Image.Frame, to, Interpolation.Area)], workspace);
        workspace.Keep(sample);
        return sample;

        int Side(int side) => Math.Max(1, (int)Math.Round((double)side * size / longer));
    }

    private RandomStream StreamOf(int epoch, int index) => RandomStream.For(_job.Seed, "sample", epoch).At(index);
}
