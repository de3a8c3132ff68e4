using System.Runtime.InteropServices;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Inference;

/// <summary>An image's logits at the network's resolution, a plane a class, in the CPU's memory. Dispose it before the next image's are made, or memory holds both.</summary>
/// <remarks>Planes may be read from several threads.</remarks>
public sealed class LogitPlanes : IDisposable
{
    private readonly Tensor _planes;

    /// <param name="planes">(K, H, W) on the CPU, contiguous: float32, or int32 in units of <paramref name="unit"/>, which become float32 where they lie; owned from now on.</param>
    /// <param name="unit">What 1 stands for.</param>
    internal LogitPlanes(Tensor planes, float unit)
    {
        _planes = planes;
        (Classes, Frame) = ((int)planes.shape[0], new Frame((int)planes.shape[1], (int)planes.shape[2]));
        if (planes.dtype == ScalarType.Int32)
        {
            // A plane made anew for each reader would be as much garbage again as an image's logits.
            Parallel.For(0, Classes, k => Measure(BytesOf(k), unit));
        }
    }

    /// <summary>How many there are.</summary>
    public int Classes { get; }

    /// <summary>Their size.</summary>
    public Frame Frame { get; }

    /// <summary>One class's logits, row-major; valid while this lives.</summary>
    public ReadOnlySpan<float> this[int k] => MemoryMarshal.Cast<byte, float>(BytesOf(k));

    /// <inheritdoc/>
    public void Dispose() => _planes.Dispose();

    private Span<byte> BytesOf(int k) => _planes.bytes.Slice(checked(k * Frame.Area * sizeof(float)), Frame.Area * sizeof(float));

    private static void Measure(Span<byte> plane, float unit)
    {
        var whole = MemoryMarshal.Cast<byte, int>(plane);
        var measured = MemoryMarshal.Cast<byte, float>(plane);
        for (var i = 0; i < whole.Length; i++)
        {
            measured[i] = whole[i] * unit;
        }
    }
}
