using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes.Tests;

/// <summary>Kinds of pixels that real files of the shared set do not have, element by element after PS3.5.</summary>
public sealed class DicomPixelKindsTests : IDisposable
{
    private const string Explicit = "1.2.840.10008.1.2.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-dicom-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Float_pixels_are_read_with_their_padding()
    {
        float[] values = [0.25f, -1.5f, float.NaN, 7];
        var file = DicomFile.Read(Write(Explicit, 32, 0x7FE00008, "OF", MemoryMarshal.AsBytes(values.AsSpan()), (0x00280122, "FL", BitConverter.GetBytes(7f))));
        Assert.Equal(NumberType.Single, file.ReadFrame(0).Type);
        Assert.Equal([0.25, -1.5, double.NaN, 7], file.ReadValues(0));

        var image = file.Render(new DicomRendering { Bits = 8 });
        Assert.Equal([255, 0, 0, 0], image.Bytes.ToArray());               // of what counts, -1.5 is black and 0.25 white
        Assert.Equal(("dicom", 32, 1, 1L, "MONOCHROME2"), (image.Origin.Kind, image.Origin.Bits, image.Origin.Channels, image.Origin.NotFinite, image.Origin.Photometric));
    }

    [Fact]
    public void Double_pixels_are_read()
    {
        double[] values = [1e300, -2, 3, 4];
        Assert.Equal(values, DicomFile.Read(Write(Explicit, 64, 0x7FE00009, "OD", MemoryMarshal.AsBytes(values.AsSpan()))).ReadValues(0));
    }

    [Fact]
    public void Float_pixels_of_another_width_are_refused() =>
        Assert.Contains("Float Pixel Data have 32 and 1", Assert.Throws<DataException>(() => DicomFile.Read(Write(Explicit, 64, 0x7FE00008, "OF", new byte[32]))).What, StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pixels_of_64_bits_keep_the_bits_that_count(bool signed)
    {
        // 40 of 64 bits count; above them lies noise.
        long[] values = [5, 1L << 39, (1L << 39) - 1, 0];
        long[] stored = [.. values.Select(v => v | (0x5AL << 48))];
        var file = DicomFile.Read(Write(Explicit, 64, 0x7FE00010, "OW", MemoryMarshal.AsBytes(stored.AsSpan()), (0x00280101, "US", [40, 0]), (0x00280102, "US", [39, 0]), (0x00280103, "US", [(byte)(signed ? 1 : 0), 0])));
        Assert.Equal(signed ? NumberType.Int64 : NumberType.UInt64, file.ReadFrame(0).Type);
        Assert.Equal([5, signed ? -(double)(1L << 39) : 1L << 39, (1L << 39) - 1, 0], file.ReadValues(0));
    }

    [Fact]
    public void One_bit_in_a_compressed_syntax_is_refused_with_what_to_do()
    {
        var path = Write("1.2.840.10008.1.2.4.90", 1, 0, string.Empty, []);
        using (var file = File.Open(path, FileMode.Append))
        {
            file.Write([0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0, 0xE0, 2, 0, 0, 0, 1, 2, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        }

        Assert.Contains("1 bit and are encapsulated", Assert.Throws<DataException>(() => DicomFile.Read(path).ReadFrame(0)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Philips_private_syntax_is_explicit()
    {
        ushort[] values = [1, 2, 3, 4];
        Assert.Equal([1.0, 2, 3, 4], DicomFile.Read(Write("1.3.46.670589.33.1.4.1", 16, 0x7FE00010, "OW", MemoryMarshal.AsBytes(values.AsSpan()))).ReadValues(0));
    }

    [Fact]
    public void General_Electric_s_private_syntax_has_big_endian_pixels_alone()
    {
        var path = Path.Combine(_folder, "ge.dcm");
        var file = new MemoryStream();
        Begin(file, "1.2.840.113619.5.2");
        foreach (var (tag, value) in new (uint, ushort)[] { (0x00280002, 1), (0x00280010, 2), (0x00280011, 2), (0x00280100, 16) })
        {
            Bare(file, tag, [(byte)value, (byte)(value >> 8)]);
        }

        Bare(file, 0x7FE00010, [1, 2, 0, 3, 0, 4, 0, 5]);
        File.WriteAllBytes(path, file.ToArray());
        Assert.Equal([258.0, 3, 4, 5], DicomFile.Read(path).ReadValues(0));

        static void Bare(MemoryStream to, uint tag, byte[] value)
        {
            to.Write([(byte)(tag >> 16), (byte)(tag >> 24), (byte)tag, (byte)(tag >> 8)]);
            to.Write(BitConverter.GetBytes(value.Length));
            to.Write(value);
        }
    }

    [Fact]
    public void A_copy_without_identity_keeps_float_pixels()
    {
        float[] values = [1, 2, 3, 4];
        var source = Write(Explicit, 32, 0x7FE00008, "OF", MemoryMarshal.AsBytes(values.AsSpan()));
        var copy = new DicomDeidentifier(new byte[32]).Copy(source, _folder);
        Assert.Equal([1.0, 2, 3, 4], DicomFile.Read(Path.Combine(_folder, copy.Path)).ReadValues(0));
    }

    [Fact]
    public void The_origin_tells_what_Check_compares()
    {
        var path = Path.Combine(_folder, "a.dcm");
        DicomImageWriter.Write(path, new DicomImage { Frame = new Frame(2, 2), Pixels = new ushort[] { 1, 2, 3, 4 }, Inverted = true, ImagerPixelSpacing = (0.2, 0.1), SopInstance = "1.2.3" });
        var origin = DicomFile.Read(path).Render(new DicomRendering()).Origin;
        Assert.Equal(("dicom", 12, 1, "MONOCHROME1", new Spacing(0.2, 0.1), false), (origin.Kind, origin.Bits, origin.Channels, origin.Photometric, origin.Spacing!.Value, origin.Coloured));
    }

    /// <summary>Two by two pixels, explicit little endian.</summary>
    private string Write(string syntax, ushort allocated, uint tag, string vr, ReadOnlySpan<byte> pixels, params (uint Tag, string Vr, byte[] Value)[] more)
    {
        var path = Path.Combine(_folder, $"{allocated}-{tag:X8}.dcm");
        var file = new MemoryStream();
        Begin(file, syntax);
        Element(file, 0x00280002, "US", [1, 0]);
        Element(file, 0x00280010, "US", [2, 0]);
        Element(file, 0x00280011, "US", [2, 0]);
        Element(file, 0x00280100, "US", BitConverter.GetBytes(allocated));
        foreach (var (t, v, value) in more)
        {
            Element(file, t, v, value);
        }

        if (tag != 0)
        {
            Element(file, tag, vr, pixels);
        }

        File.WriteAllBytes(path, file.ToArray());
        return path;
    }

    private static void Begin(MemoryStream to, string syntax)
    {
        to.Write(new byte[128]);
        to.Write("DICM"u8);
        Element(to, 0x00020010, "UI", System.Text.Encoding.ASCII.GetBytes(syntax.Length % 2 == 0 ? syntax : syntax + "\0"));
    }

    private static void Element(MemoryStream to, uint tag, string vr, ReadOnlySpan<byte> value)
    {
        to.Write([(byte)(tag >> 16), (byte)(tag >> 24), (byte)tag, (byte)(tag >> 8), (byte)vr[0], (byte)vr[1]]);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        if (vr is "OW" or "OF" or "OD" or "OB")
        {
            to.Write([0, 0]);
            to.Write(length);
        }
        else
        {
            to.Write(length[..2]);
        }

        to.Write(value);
    }
}
