using System.ComponentModel.DataAnnotations;
using Osteon.Annotations;

namespace Osteon.Plugins.Voc;

/// <summary>Where images and Pascal VOC's files lie, and how its boxes are counted.</summary>
public sealed record VocOptions : LabelFileOptions
{
    /// <summary>The folders of the challenge.</summary>
    public VocOptions() => (Images, Labels) = ("JPEGImages", "Annotations");

    /// <summary>The number of the first pixel: 1 as in the challenge, 0 as many tools write it.</summary>
    [Range(0, 1)]
    public int Origin { get; init; } = 1;

    /// <summary>Whether objects marked difficult are part of their class, or left out.</summary>
    public bool Difficult { get; init; } = true;

    /// <summary>Folder with train.txt, val.txt and test.txt, lists of names, as ImageSets/Main: which part each image is officially in. Passed over when it does not exist.</summary>
    public string Splits { get; init; } = "ImageSets/Main";

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() => [.. base.Faults(), .. FaultOfPath("splits", Splits)];
}
