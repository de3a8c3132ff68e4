using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>What an augmentation moves together: an image and its label words, in one frame.</summary>
public sealed record Sample(Image Image, LabelMap Labels);
