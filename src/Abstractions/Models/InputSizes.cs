using Osteon.Masks;

namespace Osteon.Abstractions;

/// <summary>The image sizes a network takes; the engine pads images and cuts logits to fit.</summary>
/// <param name="Multiple">Heights and widths are a multiple of this, 1 for any …</param>
/// <param name="Remainder">… plus this, 0 for most.</param>
/// <param name="Margin">Pixels lost at each side by convolutions that do not pad, 0 for most: U-Net's 572 × 572 gives 388 × 388, a margin of 92.</param>
public sealed record InputSizes(int Multiple, int Remainder = 0, int Margin = 0)
{
    /// <summary>The one size it takes, as a transformer with fixed positions; null for all that the rule allows.</summary>
    public Frame? Only { get; init; }

    /// <summary>Heights and widths are at least this, 1 for most: a decoder that halves the deepest map thrice needs eight pixels there.</summary>
    public int Least { get; init; } = 1;

    /// <summary>The smallest image that gives logits for a frame; the frame lies <see cref="Margin"/> pixels from its top and left.</summary>
    /// <exception cref="ConfigurationException">The network takes one size alone, and the frame is larger.</exception>
    public Frame For(Frame frame)
    {
        if (Only is not { } only)
        {
            return new Frame(Side(frame.Height), Side(frame.Width));
        }

        return frame.Height + (2 * Margin) <= only.Height && frame.Width + (2 * Margin) <= only.Width
            ? only
            : throw new ConfigurationException($"the network takes images of {only} alone, and one of {frame} came. Set convert.size or train.crop to {only} (or the model's own size), or the encoder's img_size to the size of the images.");
    }

    /// <summary>The logits that an image of one of these sizes gives.</summary>
    public Frame Logits(Frame image) => new(image.Height - (2 * Margin), image.Width - (2 * Margin));

    private int Side(int logits)
    {
        var least = Math.Max(logits + (2 * Margin), Least) - Remainder;
        return Remainder + ((Math.Max(least, 1) + Multiple - 1) / Multiple * Multiple);
    }
}
