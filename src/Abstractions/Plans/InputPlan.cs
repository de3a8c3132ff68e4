using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>What networks that classify are shown beside or instead of the whole image: what a segmentation experiment predicts of it, out of fold.</summary>
public sealed record InputPlan
{
    /// <summary>The segmentation experiment, by its name in experiments/. It is trained first.</summary>
    public string Experiment { get; init; } = string.Empty;

    /// <summary>channel: masks lie behind the image's channels; crop: the network sees the part of the image around them.</summary>
    public InputForm As { get; init; }

    /// <summary>Those of the experiment's classes that are taken; empty: all.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>
    /// Probabilities in (0, 1) from which a pixel belongs to a mask, rising. Each makes a mask a class: with several, a channel input shows by steps how
    /// sure the segmentation is. A crop is around the first.
    /// </summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [0.5];

    /// <summary>How far a crop reaches beyond the masks on each side, as a share of their longer side.</summary>
    [Range(0.0, 10.0)]
    public double Margin { get; init; } = 0.25;

    /// <summary>The least side of a crop, as a share of the image's longer side: a speck is shown with what lies around it.</summary>
    [Range(0.0, 1.0)]
    public double MinSide { get; init; } = 0.25;
}

/// <summary>How masks become an input.</summary>
public enum InputForm
{
    /// <summary>Channels of 0 and 1 behind the image's.</summary>
    Channel,

    /// <summary>The part of the image around them; the whole image where there are none.</summary>
    Crop,
}
