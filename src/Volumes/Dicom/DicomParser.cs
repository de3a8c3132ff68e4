using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// Reads the elements of a file: explicit and implicit, little and big endian, deflated, with or without preamble and meta header.
/// Every length is held against the bytes that are there. DICOM PS3.5, section 7, and PS3.10, section 7.
/// </summary>
internal sealed class DicomParser
{
    public const string ImplicitLittle = "1.2.840.10008.1.2", ExplicitLittle = "1.2.840.10008.1.2.1", ExplicitBig = "1.2.840.10008.1.2.2", Deflated = "1.2.840.10008.1.2.1.99";

    /// <summary>Of GE, whose pixels alone are big-endian, and of Philips: both are as GDCM knows them.</summary>
    public const string GeneralElectric = "1.2.840.113619.5.2", Philips = "1.3.46.670589.33.1.4.1";

    private const int MaxDepth = 16, MaxFragments = 1 << 20;
    private const uint Undefined = uint.MaxValue;

    private static readonly HashSet<string> LongForm = ["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"];
    private static readonly HashSet<string> ShortForm = ["AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"];

    private readonly string _path;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly bool _implicit, _big;

    // Only the beginning of the file was read: what runs past the end is not the file's fault.
    private readonly bool _start;

    private DicomParser(string path, ReadOnlyMemory<byte> bytes, bool isImplicit, bool big, bool start) =>
        (_path, _bytes, _implicit, _big, _start) = (path, bytes, isImplicit, big, start);

    /// <summary>The meta header, the data set, and the transfer syntax it is written in.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="file">The file, or its beginning.</param>
    /// <param name="start">True for a beginning: pixel data stand there empty, and null is returned when the beginning ends before them.</param>
    /// <exception cref="DataException">The bytes are no DICOM file, damaged, or cut short.</exception>
    public static (DicomDataset Meta, DicomDataset Data, string Syntax)? Parse(string path, ReadOnlyMemory<byte> file, bool start = false)
    {
        try
        {
            return Parsed(path, file, start);
        }
        catch (BeyondStartException)
        {
            return null;
        }
    }

    /// <summary>Where the elements of a file begin; −1 where it is none of DICOM's.</summary>
    /// <param name="file">At least its first 132 bytes, where it has them.</param>
    public static int BeginOf(ReadOnlySpan<byte> file) =>
        file.Length >= 132 && file.Slice(128, 4).SequenceEqual("DICM"u8) ? 132 : file.StartsWith("DICM"u8) ? 4 : LooksLikeElements(file) ? 0 : -1;

    private static (DicomDataset Meta, DicomDataset Data, string Syntax) Parsed(string path, ReadOnlyMemory<byte> file, bool start)
    {
        var at = BeginOf(file.Span);
        if (at < 0)
        {
            throw new DataException(path, file.Length == 0 ? "the file is empty." : "it has neither DICM at byte 128 nor begins with a data set: this is no DICOM file.");
        }

        var meta = new DicomDataset();
        var header = new DicomParser(path, file, isImplicit: false, big: false, start);
        while (at + 8 <= file.Length && file.Span[at] == 2 && file.Span[at + 1] == 0)
        {
            meta.Add(header.Element(ref at, 0));
        }

        var syntax = meta.Text(DicomTags.TransferSyntax) ?? Guess(file.Span[at..]);
        var rest = file[at..];
        if (syntax == Deflated)
        {
            if (start)
            {
                throw new BeyondStartException();
            }

            rest = BoundedFile.Unpack(path, rest, static packed => new DeflateStream(packed, CompressionMode.Decompress), BoundedFile.MaxBytes);
        }

        var parser = new DicomParser(path, rest, syntax is ImplicitLittle or GeneralElectric, syntax == ExplicitBig, start && syntax != Deflated);
        var data = new DicomDataset();
        for (var next = 0; next < rest.Length;)
        {
            if (parser._start && parser.IsPixels(next))
            {
                data.Add(new DicomElement(parser.Tag(next), string.Empty, default, bigEndian: false));
                return (meta, data, syntax);
            }

            // Some writers leave a byte or two behind the pixels.
            if (rest.Length - next < 8 && data.Elements.Any(e => DicomTags.IsPixels(e.Tag)))
            {
                break;
            }

            var element = parser.Element(ref next, 0);
            if (element.Tag is >= DicomTags.Item and <= DicomTags.SequenceEnd)
            {
                throw parser.Damaged(next, "an item outside of a sequence");
            }

            data.Add(element);
        }

        return start ? throw new BeyondStartException() : (meta, data, syntax);
    }

    // Without a meta header: an early group of which the element is small, as any data set begins.
    private static bool LooksLikeElements(ReadOnlySpan<byte> file) =>
        file.Length >= 8 && ((file[0] is (2 or 8) && file[1] == 0 && file[3] == 0) || (file[0] == 0 && file[1] == 8 && file[2] == 0 && IsExplicit(file)));

    private static string Guess(ReadOnlySpan<byte> data) => !IsExplicit(data) ? ImplicitLittle : data[0] == 0 ? ExplicitBig : ExplicitLittle;

    private static bool IsExplicit(ReadOnlySpan<byte> data) => data.Length >= 6 && ShortForm.Contains(Encoding.Latin1.GetString(data.Slice(4, 2)));

    private bool IsPixels(int at) => at + 4 <= _bytes.Length && Tag(at) is > DicomTags.ExtendedOffsets and <= DicomTags.PixelData;

    private DicomElement Element(ref int at, int depth)
    {
        var begin = at;
        Demand(at, 8);
        var tag = Tag(at);
        var vr = DicomTags.VrOf(tag);
        var unknown = false;
        uint length;
        if (_implicit || tag >> 16 == 0xFFFE)
        {
            length = UInt32(at + 4);
            at += 8;
        }
        else
        {
            vr = Encoding.Latin1.GetString(_bytes.Span.Slice(at + 4, 2));
            if (LongForm.Contains(vr))
            {
                Demand(at, 12);
                length = UInt32(at + 8);
                at += 12;
            }
            else
            {
                length = ShortForm.Contains(vr) ? UInt16(at + 6) : throw Damaged(at, $"{DicomElement.NameOf(tag)} has no representation of DICOM's");
                at += 8;
            }

            // What once went through a program that did not know it; the value is as an implicit data set writes it.
            unknown = vr == "UN";
            vr = unknown && tag != DicomTags.PixelData ? DicomTags.VrOf(tag) : vr;
        }

        if (length == Undefined)
        {
            return tag == DicomTags.PixelData ? Encapsulated(tag, vr, ref at)
                : vr is "SQ" or "UN" ? new DicomElement(tag, "SQ", default, _big) { Items = Sequence(ref at, at, Undefined, depth + 1, unknown) }
                : throw Damaged(begin, $"{DicomElement.NameOf(tag)} has no length, and is no sequence");
        }

        if (length > _bytes.Length - at)
        {
            throw Beyond(begin, $"{DicomElement.NameOf(tag)} has {length:N0} bytes, and {_bytes.Length - at:N0} follow");
        }

        var value = _bytes.Slice(at, (int)length);
        if (vr == "SQ")
        {
            var end = at + (int)length;
            var items = Sequence(ref at, at, length, depth + 1, unknown);
            at = end;
            return new DicomElement(tag, vr, value, _big) { Items = items };
        }

        at += (int)length;
        return new DicomElement(tag, vr, value, _big && !unknown);
    }

    private List<DicomDataset> Sequence(ref int at, int begin, uint length, int depth, bool unknown)
    {
        if (depth > MaxDepth)
        {
            throw Damaged(begin, $"sequences lie more than {MaxDepth} deep");
        }

        // A sequence of unknown representation is written implicitly, whatever surrounds it (PS3.5, section 6.2.2, note 2).
        var inner = unknown && !_implicit ? new DicomParser(_path, _bytes, isImplicit: true, big: false, _start) : this;
        var items = new List<DicomDataset>();
        while (length == Undefined || at < begin + length)
        {
            Demand(at, 8);
            var (tag, size) = (inner.Tag(at), inner.UInt32(at + 4));
            at += 8;
            if (tag == DicomTags.SequenceEnd)
            {
                break;
            }

            if (tag != DicomTags.Item)
            {
                throw Damaged(at - 8, $"{DicomElement.NameOf(tag)} stands where an item of a sequence was expected");
            }

            items.Add(inner.ItemOf(ref at, size, depth));
        }

        return items;
    }

    private DicomDataset ItemOf(ref int at, uint size, int depth)
    {
        if (size != Undefined && size > _bytes.Length - at)
        {
            throw Beyond(at, $"an item has {size:N0} bytes, and {_bytes.Length - at:N0} follow");
        }

        var item = new DicomDataset();
        var end = size == Undefined ? int.MaxValue : at + (int)size;
        while (at < end)
        {
            var element = Element(ref at, depth);
            if (element.Tag == DicomTags.ItemEnd)
            {
                break;
            }

            item.Add(element);
        }

        return item;
    }

    private DicomElement Encapsulated(uint tag, string vr, ref int at)
    {
        var fragments = new List<ReadOnlyMemory<byte>>();
        while (true)
        {
            Demand(at, 8);
            var (item, size) = (Tag(at), UInt32(at + 4));
            at += 8;
            if (item == DicomTags.SequenceEnd)
            {
                return new DicomElement(tag, vr, default, _big) { Fragments = fragments };
            }

            if (item != DicomTags.Item || size > _bytes.Length - at || fragments.Count == MaxFragments)
            {
                throw item == DicomTags.Item && size > _bytes.Length - at
                    ? Beyond(at - 8, $"a fragment of the pixel data has {size:N0} bytes, and {_bytes.Length - at:N0} follow")
                    : Damaged(at - 8, $"{DicomElement.NameOf(item)} stands where a fragment of the pixel data was expected");
            }

            fragments.Add(_bytes.Slice(at, (int)size));
            at += (int)size;
        }
    }

    private uint Tag(int at) => ((uint)UInt16(at) << 16) | UInt16(at + 2);

    private ushort UInt16(int at) => _big ? BinaryPrimitives.ReadUInt16BigEndian(_bytes.Span[at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Span[at..]);

    private uint UInt32(int at) => _big ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.Span[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[at..]);

    private void Demand(int at, int count)
    {
        if (count > _bytes.Length - at)
        {
            throw Beyond(at, "an element has no whole header");
        }
    }

    private Exception Beyond(int at, string what) => _start ? new BeyondStartException() : new DataException(_path, $"at byte {at} of the data set, {what}: the file is truncated or damaged.");

    private DataException Damaged(int at, string what) => new(_path, $"at byte {at} of the data set, {what}: the file is damaged.");

    private sealed class BeyondStartException : Exception;
}
