using System.Runtime.InteropServices;

namespace Osteon.Masks;

/// <summary>One class's pixels as runs: ascending, disjoint, never touching, never empty. Immutable; equal when frame and pixels are.</summary>
public sealed class Mask : IEquatable<Mask>
{
    private readonly Run[] _runs;

    /// <summary>Takes over runs that already keep the law above.</summary>
    /// <exception cref="ArgumentException">Runs overlap, touch, are out of order, are empty or leave the frame.</exception>
    public Mask(Frame frame, Run[] runs)
    {
        var end = -1L;
        foreach (var run in runs)
        {
            if (run.Length <= 0 || run.Start <= end || (long)run.Start + run.Length > (long)frame.Height * frame.Width)
            {
                throw new ArgumentException($"Run {run.Start}+{run.Length} breaks the order, or leaves the frame {frame}.", nameof(runs));
            }

            end = run.End;
        }

        Frame = frame;
        _runs = runs;
    }

    private Mask(Run[] lawful, Frame frame)
    {
        Frame = frame;
        _runs = lawful;
    }

    /// <summary>The grid the runs are counted in.</summary>
    public Frame Frame { get; }

    /// <summary>The runs, ascending.</summary>
    public ReadOnlySpan<Run> Runs => _runs;

    /// <summary>Set pixels.</summary>
    public long Area
    {
        get
        {
            var area = 0L;
            foreach (var run in _runs)
            {
                area += run.Length;
            }

            return area;
        }
    }

    /// <summary>True when no pixel is set.</summary>
    public bool IsEmpty => _runs.Length == 0;

    /// <summary>A mask with no pixel set.</summary>
    public static Mask Empty(Frame frame) => new(frame, []);

    /// <summary>A mask with every pixel set.</summary>
    public static Mask Full(Frame frame) => new(frame, [new Run(0, frame.Area)]);

    /// <summary>Reads a dense mask; every value but 0 is set.</summary>
    /// <param name="pixels">Height × width bytes, row-major.</param>
    /// <param name="frame">The grid.</param>
    /// <exception cref="ArgumentException">The span's length is not the frame's area.</exception>
    public static Mask FromDense(ReadOnlySpan<byte> pixels, Frame frame) => DenseScan.NonZero(pixels, frame);

    /// <summary>Sets the pixels whose value is above the threshold; equal values and NaN stay unset.</summary>
    /// <param name="values">Logits or probabilities of one class, height × width, row-major.</param>
    /// <param name="frame">The grid.</param>
    /// <param name="threshold">In the values' own unit: 0 for logits is 0.5 for probabilities.</param>
    /// <exception cref="ArgumentException">The span's length is not the frame's area.</exception>
    public static Mask FromThreshold(ReadOnlySpan<float> values, Frame frame, float threshold) => DenseScan.Above(values, frame, threshold);

    /// <summary>Writes the set pixels into a dense mask and leaves the others as they are.</summary>
    /// <param name="pixels">Height × width bytes, row-major.</param>
    /// <param name="value">The byte for a set pixel.</param>
    /// <exception cref="ArgumentException">The span's length is not the frame's area.</exception>
    public void Fill(Span<byte> pixels, byte value = 1)
    {
        DenseScan.Demand(pixels.Length, Frame);
        foreach (var run in _runs)
        {
            pixels.Slice(run.Start, run.Length).Fill(value);
        }
    }

    /// <summary>Height × width bytes, 0 or 1, row-major.</summary>
    public byte[] ToDense()
    {
        var pixels = new byte[Frame.Area];
        Fill(pixels);
        return pixels;
    }

    /// <summary>Pixels set in either.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public Mask Union(Mask other) => VoteSweep.Vote([this, other], minVotes: 1);

    /// <summary>Pixels set in both.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public Mask Intersect(Mask other) => VoteSweep.Vote([this, other], minVotes: 2);

    /// <summary>Pixels set here and not in the other.</summary>
    /// <exception cref="ArgumentException">The frames differ.</exception>
    public Mask Subtract(Mask other) => Intersect(other.Complement());

    /// <summary>Pixels not set.</summary>
    public Mask Complement()
    {
        using var boundaries = new BoundaryList((_runs.Length * 2) + 2);
        boundaries.Toggle(0);
        foreach (var run in _runs)
        {
            boundaries.Toggle(run.Start);
            boundaries.Toggle(run.End);
        }

        boundaries.Toggle(Frame.Area);
        return boundaries.ToMask(Frame);
    }

    /// <summary>Rows become columns: the runs of the result are this mask's in column order. O(runs + rows they touch).</summary>
    public Mask Transpose() => Transposition.Of(this);

    /// <inheritdoc/>
    public bool Equals(Mask? other) =>
        other is not null && Frame == other.Frame && MemoryMarshal.Cast<Run, int>(Runs).SequenceEqual(MemoryMarshal.Cast<Run, int>(other.Runs));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mask);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Frame);
        hash.AddBytes(MemoryMarshal.AsBytes(Runs));
        return hash.ToHashCode();
    }

    /// <summary>Frame, runs and area, as a failed test prints them.</summary>
    public override string ToString() => $"{Frame}, {_runs.Length} runs, {Area} px";

    /// <summary>Pairs of strictly ascending boundaries within the frame, as every sweep leaves them.</summary>
    internal static Mask FromBoundaries(Frame frame, ReadOnlySpan<int> boundaries)
    {
        var runs = new Run[boundaries.Length / 2];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = new Run(boundaries[2 * i], boundaries[(2 * i) + 1] - boundaries[2 * i]);
        }

        return new Mask(runs, frame);
    }
}
