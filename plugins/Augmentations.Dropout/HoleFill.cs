using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Plugins.Augmentations.Dropout;

/// <summary>Writes what fills holes.</summary>
internal sealed class HoleFill
{
    private enum Kind
    {
        Constant,
        Random,
        RandomUniform,
        Telea,
        NavierStokes,
    }

    private readonly Kind _kind;
    private readonly int _value;

    private HoleFill(Kind kind, int value = 0) => (_kind, _value) = (kind, value);

    /// <exception cref="ConfigurationException">It is nothing that fills.</exception>
    public static HoleFill Of(string fill) => fill switch
    {
        "random" => new HoleFill(Kind.Random),
        "random_uniform" => new HoleFill(Kind.RandomUniform),
        "inpaint_telea" => new HoleFill(Kind.Telea),
        "inpaint_ns" => new HoleFill(Kind.NavierStokes),
        _ when double.TryParse(fill, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= ushort.MaxValue =>
            new HoleFill(Kind.Constant, (int)value),
        _ => throw new ConfigurationException($"fill '{fill}' is not allowed; expected a number from 0 to 65535, random, random_uniform, inpaint_telea or inpaint_ns."),
    };

    /// <summary>Copies the image, and fills holes.</summary>
    public void Write(Image from, Image to, HolesDraw draw, Workspace workspace)
    {
        if (_kind is Kind.Telea or Kind.NavierStokes)
        {
            var mask = workspace.Labels(from.Frame, 1);
            mask.Bytes.Clear();
            foreach (var hole in draw.Holes)
            {
                LabelFill.Write(mask, hole, 1);
            }

            Inpaint(from, to, mask.Bytes);
            return;
        }

        from.Bytes.CopyTo(to.Bytes);
        var random = new RandomStream(draw.Key);
        foreach (var hole in draw.Holes)
        {
            if (to.BytesPerPixel == 1)
            {
                Fill(to.Pixels<byte>(), to.Frame.Width, hole, ref random, byte.MaxValue);
            }
            else
            {
                Fill(to.Pixels<ushort>(), to.Frame.Width, hole, ref random, ushort.MaxValue);
            }
        }
    }

    /// <summary>Copies the image, and fills where the mask is not 0.</summary>
    public void Write(Image from, Image to, ReadOnlySpan<byte> mask, ulong key)
    {
        if (_kind is Kind.Telea or Kind.NavierStokes)
        {
            Inpaint(from, to, mask);
            return;
        }

        from.Bytes.CopyTo(to.Bytes);
        var random = new RandomStream(key);
        var shared = random.NextInt(to.MaxValue + 1);
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] == 0)
            {
                continue;
            }

            var value = _kind switch { Kind.Constant => Math.Min(_value, to.MaxValue), Kind.Random => random.NextInt(to.MaxValue + 1), _ => shared };
            if (to.BytesPerPixel == 1)
            {
                to.Bytes[i] = (byte)value;
            }
            else
            {
                to.Pixels<ushort>()[i] = (ushort)value;
            }
        }
    }

    private void Inpaint(Image from, Image to, ReadOnlySpan<byte> mask) => Osteon.Imaging.Filter.Inpaint(from, to, mask, radius: 3, _kind == Kind.Telea);

    private void Fill<T>(Span<T> pixels, int width, Hole hole, ref RandomStream random, int max) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var value = _kind == Kind.RandomUniform ? random.NextInt(max + 1) : Math.Min(_value, max);
        for (var i = hole.Top; i < hole.Top + hole.Height; i++)
        {
            var row = pixels.Slice((i * width) + hole.Left, hole.Width);
            if (_kind == Kind.Random)
            {
                foreach (ref var pixel in row)
                {
                    pixel = T.CreateTruncating(random.NextInt(max + 1));
                }
            }
            else
            {
                row.Fill(T.CreateTruncating(value));
            }
        }
    }
}

/// <summary>Writes label words.</summary>
internal static class LabelFill
{
    /// <summary>Sets every word of a rectangle; bits of classes that are not there are left out.</summary>
    public static void Write(LabelMap labels, Hole hole, long word)
    {
        var known = Known(labels, word);
        for (var i = hole.Top; i < hole.Top + hole.Height; i++)
        {
            var (start, length) = ((i * labels.Frame.Width) + hole.Left, hole.Width);
            switch (labels.WordBytes)
            {
                case 1: labels.Words<byte>().Slice(start, length).Fill((byte)known); break;
                case 2: labels.Words<ushort>().Slice(start, length).Fill((ushort)known); break;
                case 4: labels.Words<uint>().Slice(start, length).Fill((uint)known); break;
                default: labels.Words<ulong>().Slice(start, length).Fill(known); break;
            }
        }
    }

    /// <summary>A word without the bits of classes that are not there.</summary>
    public static ulong Known(LabelMap labels, long word) => labels.Classes == 64 ? (ulong)word : (ulong)word & ((1ul << labels.Classes) - 1);
}
