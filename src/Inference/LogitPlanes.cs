using System.Runtime.InteropServices;
using Osteon.Masks;
using static TorchSharp.torch;

namespace Osteon.Inference;

/// <summary>An image's logits at the network's resolution, a plane a class, in the CPU's memory. Dispose it before the next image's are made, or memory holds both.</summary>
/// <remarks>Planes may be read from several threads.</remarks>
public sealed class LogitPlanes : IDisposable
{
    private readonly Tensor _planes;
    private readonly float _unit;

    /// <param name="planes">(K, H, W) on the CPU, contiguous: float32, or int32 in units of <paramref name="unit"/>; owned from now on.</param>
    /// <param name="unit">What 1 stands for.</param>
    internal LogitPlanes(Tensor planes, float unit)
    {
        (_planes, _unit) = (planes, unit);
        (Classes, Frame) = ((int)planes.shape[0], new Frame((int)planes.shape[1], (int)planes.shape[2]));
    }

    /// <summary>How many there are.</summary>
    public int Classes { get; }

    /// <summary>Their size.</summary>
    public Frame Frame { get; }

    /// <summary>One class's logits, row-major; valid while this lives.</summary>
    public ReadOnlySpan<float> this[int k]
    {
        get
        {
            var bytes = _planes.bytes.Slice(checked(k * Frame.Area * sizeof(float)), Frame.Area * sizeof(float));
            if (_planes.dtype == ScalarType.Float32)
            {
                return MemoryMarshal.Cast<byte, float>(bytes);
            }

            var whole = MemoryMarshal.Cast<byte, int>(bytes);
            var plane = new float[whole.Length];
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = whole[i] * _unit;
            }

            return plane;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _planes.Dispose();
}
