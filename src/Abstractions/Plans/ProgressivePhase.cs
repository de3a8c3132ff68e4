using System.ComponentModel.DataAnnotations;

namespace Osteon.Abstractions;

/// <summary>Some epochs of training on smaller images.</summary>
public sealed record ProgressivePhase
{
    /// <summary>How many.</summary>
    [Range(1, 1_000_000)]
    public required int Epochs { get; init; }

    /// <summary>Longer side of a sample in pixels: whole images, or crops, are made that small, aspect kept; those that are smaller stay.</summary>
    [Range(8, 16384)]
    public required int Size { get; init; }

    /// <summary>The size of an epoch's samples; 0 where they are taken as they are.</summary>
    /// <param name="phases">In order.</param>
    /// <param name="epoch">From 0.</param>
    public static int SizeAt(IReadOnlyList<ProgressivePhase> phases, int epoch)
    {
        foreach (var phase in phases)
        {
            if (epoch < phase.Epochs)
            {
                return phase.Size;
            }

            epoch -= phase.Epochs;
        }

        return 0;
    }
}
