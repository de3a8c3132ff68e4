using System.ComponentModel.DataAnnotations;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>What plans networks and training from the data, as an experiment names it under <c>plan</c>.</summary>
public abstract record PlannerOptions
{
    private protected PlannerOptions()
    {
    }

    /// <summary>An experiment in YAML that extends another.</summary>
    /// <param name="session">The other; its cases are converted.</param>
    /// <param name="extends">How its file is called from where the new one will lie.</param>
    /// <param name="cancellation">Stops reading cases.</param>
    public abstract string Plan(ExperimentSession session, string extends, CancellationToken cancellation);
}

/// <summary>How nnU-Net normalises.</summary>
public enum NnUnetChannel
{
    /// <summary>Each image by its own mean and deviation, as all that is not CT.</summary>
    ZScore,

    /// <summary>All images by the foreground's percentiles, mean and deviation: grey levels mean something.</summary>
    Ct,
}

/// <summary>nnU-Net's two-dimensional configuration: patch, batch and depth by <see cref="NnUnetTopology"/>, its training and its augmentation.</summary>
/// <remarks>Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.</remarks>
[Named("nnunet-2d")]
public sealed record NnUnet2dOptions : PlannerOptions
{
    /// <summary>Memory of the GPU that is planned for, in gigabytes: patch and batch grow with it.</summary>
    [Range(0.1, 1024.0)]
    public double GpuMemoryTargetInGb { get; init; } = 8;

    /// <summary>Epochs.</summary>
    [Range(1, 1_000_000)]
    public int Epochs { get; init; } = 1000;

    /// <summary>Updates an epoch, about.</summary>
    [Range(1, 1_000_000)]
    public int IterationsPerEpoch { get; init; } = 250;

    /// <summary>Folds of the cross-validation.</summary>
    [Range(1, 1000)]
    public int Folds { get; init; } = 5;

    /// <summary>z_score for radiographs, ct where grey levels are absolute.</summary>
    public NnUnetChannel Channel { get; init; }

    /// <summary>The class that is no foreground, by its name; it need not be there.</summary>
    public string Background { get; init; } = "background";

    /// <inheritdoc/>
    public override string Plan(ExperimentSession session, string extends, CancellationToken cancellation)
    {
        var store = Datasets.CaseStore.Open(session.OutputOf("Convert").Folder);
        return new NnUnetExperiment(this, session.Plan, store.Classes, Fingerprint.Of(store, session.Plan.Convert.Size, Channel == NnUnetChannel.Ct, Background, cancellation)).ToYaml(extends);
    }
}
