using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Osteon.Volumes;

/// <summary>Writes elements as explicit little endian, the meta header before them. DICOM PS3.10, section 7.1.</summary>
internal static class DicomWriter
{
    // Of our own, made from a UUID as PS3.5, annex B.2 allows.
    public const string ImplementationUid = "2.25.186842934729547104328811365310958217741";

    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

    /// <summary>One frame and what is needed to decode it; nothing else of the file it came from.</summary>
    public static byte[] Frame(DicomPixelModule module, string syntax, byte[] fragment)
    {
        var file = new MemoryStream();
        Begin(file, SecondaryCapture, "1.2.3", syntax);
        Text(file, DicomTags.SopClass, "UI", SecondaryCapture);
        Text(file, DicomTags.SopInstance, "UI", "1.2.3");
        Module(file, module, frames: 1);
        Encapsulated(file, [default, fragment]);
        return file.ToArray();
    }

    /// <summary>Preamble, DICM and the meta header.</summary>
    public static void Begin(Stream to, string sopClass, string sopInstance, string syntax)
    {
        var meta = new MemoryStream();
        Value(meta, 0x00020001, "OB", [0, 1]);
        Text(meta, 0x00020002, "UI", sopClass);
        Text(meta, 0x00020003, "UI", sopInstance);
        Text(meta, DicomTags.TransferSyntax, "UI", syntax);
        Text(meta, 0x00020012, "UI", ImplementationUid);
        to.Write(new byte[128]);
        to.Write("DICM"u8);
        Value(to, 0x00020000, "UL", BitConverter.GetBytes((int)meta.Length));
        meta.WriteTo(to);
    }

    /// <summary>The image pixel module, in the order of its tags.</summary>
    public static void Module(Stream to, DicomPixelModule module, int frames)
    {
        Number(to, DicomTags.SamplesPerPixel, module.Samples);
        Text(to, DicomTags.Photometric, "CS", module.Photometric);
        if (module.Samples > 1)
        {
            Number(to, DicomTags.PlanarConfiguration, module.Planar ? 1 : 0);
        }

        if (frames > 1)
        {
            Text(to, DicomTags.FrameCount, "IS", frames.ToString(CultureInfo.InvariantCulture));
        }

        Number(to, DicomTags.Rows, module.Rows);
        Number(to, DicomTags.Columns, module.Columns);
        Number(to, DicomTags.BitsAllocated, module.BitsAllocated);
        Number(to, DicomTags.BitsStored, module.BitsStored);
        Number(to, DicomTags.HighBit, module.HighBit);
        Number(to, DicomTags.PixelRepresentation, module.Signed ? 1 : 0);
    }

    public static void Encapsulated(Stream to, IReadOnlyList<ReadOnlyMemory<byte>> fragments)
    {
        Header(to, DicomTags.PixelData, "OB", uint.MaxValue);
        foreach (var fragment in fragments)
        {
            Bare(to, DicomTags.Item, (uint)(fragment.Length + (fragment.Length & 1)));
            to.Write(fragment.Span);
            Pad(to, fragment.Length, 0);
        }

        Bare(to, DicomTags.SequenceEnd, 0);
    }

    /// <summary>A text; of UIDs the padding is a zero, of others a space.</summary>
    public static void Text(Stream to, uint tag, string vr, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Header(to, tag, vr, (uint)(bytes.Length + (bytes.Length & 1)));
        to.Write(bytes);
        Pad(to, bytes.Length, vr == "UI" ? (byte)0 : (byte)' ');
    }

    public static void Number(Stream to, uint tag, int value) => Value(to, tag, "US", [(byte)value, (byte)(value >> 8)]);

    public static void Value(Stream to, uint tag, string vr, ReadOnlySpan<byte> value)
    {
        Header(to, tag, vr, (uint)(value.Length + (value.Length & 1)));
        to.Write(value);
        Pad(to, value.Length, 0);
    }

    /// <summary>A sequence whose items are already written.</summary>
    public static void Sequence(Stream to, uint tag, IReadOnlyList<byte[]> items)
    {
        Header(to, tag, "SQ", (uint)items.Sum(i => 8L + i.Length));
        foreach (var item in items)
        {
            Bare(to, DicomTags.Item, (uint)item.Length);
            to.Write(item);
        }
    }

    private static void Header(Stream to, uint tag, string vr, uint length)
    {
        Span<byte> header = stackalloc byte[12];
        Tag(header, tag);
        (header[4], header[5]) = ((byte)vr[0], (byte)vr[1]);
        var longForm = vr is "OB" or "OD" or "OF" or "OL" or "OV" or "OW" or "SQ" or "SV" or "UC" or "UN" or "UR" or "UT" or "UV";
        if (longForm)
        {
            header[6] = header[7] = 0;
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], length);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], checked((ushort)length));
        }

        to.Write(header[..(longForm ? 12 : 8)]);
    }

    private static void Bare(Stream to, uint tag, uint length)
    {
        Span<byte> header = stackalloc byte[8];
        Tag(header, tag);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], length);
        to.Write(header);
    }

    private static void Tag(Span<byte> to, uint tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(tag >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)tag);
    }

    private static void Pad(Stream to, int length, byte padding)
    {
        if ((length & 1) == 1)
        {
            to.WriteByte(padding);
        }
    }
}
