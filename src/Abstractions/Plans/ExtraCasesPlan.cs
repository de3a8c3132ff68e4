using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>
/// Cases made of the training cases of each fold before training: cut to classes and enlarged, or whole, then changed by any augmentation.
/// They are trained on beside the others and never validated or tested on.
/// </summary>
public sealed record ExtraCasesPlan : IValidatableObject
{
    /// <summary>Tells the cases from other extra ones: a case made of ID042 is called ID042.NAME-0.</summary>
    public string Name { get; init; } = "extra";

    /// <summary>Cut to the box around these classes, in the original image, so that small parts keep all they have; empty: whole images as they are stored.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Space around the box, on each side, as a share of its longer side.</summary>
    [Range(0.0, 10.0)]
    public double Margin { get; init; } = 0.25;

    /// <summary>How far the box's middle may be moved, at most, as a share of its longer side; drawn for every copy.</summary>
    [Range(0.0, 10.0)]
    public double Jitter { get; init; }

    /// <summary>Longer side of the result in pixels, enlarged or made smaller; 0 keeps what was cut.</summary>
    [Range(0, 16384)]
    public int Size { get; init; }

    /// <summary>Cases made of each case.</summary>
    [Range(1, 10_000)]
    public int Copies { get; init; } = 1;

    /// <summary>Only cases whose metadata have these values; empty: all.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>Only cases whose labels' long axis is at most this many degrees from the vertical; 90: all. For rotating what is not rotated yet.</summary>
    [Range(0.0, 90.0)]
    public double UprightWithin { get; init; } = 90;

    /// <summary>Augmentations, in order, written as under train.augment; those that mix take others of the same fold's training cases.</summary>
    public IReadOnlyList<Choice> Transforms { get; init; } = [];

    /// <summary>Whose defaults transforms mean where one does not say <c>compat</c>: <c>2.x</c>, or <c>1.x</c> of Albumentations.</summary>
    public string? Compat { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Length is 0 or > 40 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            yield return new ValidationResult($"is '{Name}'; it becomes part of cases' names. Use letters, digits, '_' and '-', at most 40.", [nameof(Name)]);
        }

        if (Transforms.Count == 0 && Classes.Count == 0)
        {
            yield return new ValidationResult("is empty, and so is classes: the cases would be made again as they are. Name a transform, or classes to cut to.", [nameof(Transforms)]);
        }
        else if (Transforms.Count == 0 && Copies > 1 && Jitter == 0)
        {
            yield return new ValidationResult($"is {Copies}, but nothing is left to chance: the copies would be equal. Name a transform, or set jitter.", [nameof(Copies)]);
        }
    }
}
