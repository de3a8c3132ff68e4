using System.Numerics;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Exchanges the bits of paired classes in every label word.</summary>
internal static class ClassSwaps
{
    public static LabelMap Apply(LabelMap labels, IReadOnlyList<(int First, int Second)> pairs, Workspace workspace)
    {
        var swapped = workspace.Labels(labels.Frame, labels.Classes);
        labels.Bytes.CopyTo(swapped.Bytes);
        foreach (var (first, second) in pairs)
        {
            if ((uint)first >= (uint)labels.Classes || (uint)second >= (uint)labels.Classes)
            {
                throw new ArgumentOutOfRangeException(nameof(pairs), $"Classes {first} and {second} cannot change names: there are {labels.Classes}.");
            }

            switch (labels.WordBytes)
            {
                case 1: Swap<byte>(swapped.Bytes, first, second); break;
                case 2: Swap<ushort>(swapped.Bytes, first, second); break;
                case 4: Swap<uint>(swapped.Bytes, first, second); break;
                default: Swap<ulong>(swapped.Bytes, first, second); break;
            }
        }

        return swapped;
    }

    private static void Swap<T>(Span<byte> bytes, int first, int second) where T : unmanaged, IBinaryInteger<T>
    {
        var words = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < words.Length; i++)
        {
            var differ = ((words[i] >> first) ^ (words[i] >> second)) & T.One;
            words[i] ^= (differ << first) | (differ << second);
        }
    }
}
