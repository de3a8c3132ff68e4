using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>What a copy without identity is, and what it left behind.</summary>
/// <param name="Path">Relative to the output: pseudonym and new UID, as the old name may name the patient too.</param>
/// <param name="Removed">Attributes left behind, by name or tag; never their values.</param>
/// <param name="PrivateAttributes">How many of those were private.</param>
/// <param name="BurnedIn">What the file says of text in its pixels: YES, NO, or nothing.</param>
public sealed record DeidentifiedCopy(string Path, IReadOnlyList<string> Removed, int PrivateAttributes, string BurnedIn);

/// <summary>
/// Copies DICOM images without what tells whose they are. What is not on the list of kept attributes stays behind, private
/// attributes and overlays too; UIDs and patient are replaced by keyed hashes, so that files of one patient, study and series stay
/// together. Pixels are not looked at: text burned into them stays, and is told where the file says so. After the basic profile of
/// DICOM PS3.15, annex E.
/// </summary>
/// <param name="key">Of at least 16 bytes; with the same key the same patient gets the same name again. Who knows it can try identities out.</param>
public sealed class DicomDeidentifier(byte[] key)
{
    private const uint PatientName = 0x00100010, StudyInstance = 0x0020000D, SeriesInstance = 0x0020000E, FrameOfReference = 0x00200052, InstanceNumber = 0x00200013;

    // What a reader asks for and nobody may know stands there empty.
    private static readonly (uint Tag, string Vr)[] Emptied =
        [(0x00080020, "DA"), (0x00080030, "TM"), (0x00080050, "SH"), (0x00080090, "PN"), (0x00100030, "DA"), (0x00200010, "SH"), (0x00200011, "IS")];

    private readonly byte[] _key = key.Length >= 16 ? key : throw new ArgumentException("A key has at least 16 bytes.", nameof(key));

    /// <summary>Copies one file below a folder, whole or not at all.</summary>
    /// <param name="source">The file.</param>
    /// <param name="output">The folder.</param>
    /// <exception cref="DataException">The file is no whole DICOM image.</exception>
    public DeidentifiedCopy Copy(string source, string output)
    {
        var parsed = DicomParser.Parse(source, BoundedFile.Read(source));
        var (meta, data, syntax) = parsed!.Value;
        var module = DicomPixelModule.Of(source, meta, data);
        var native = data[module.PixelTag]!.Fragments is null;
        var patient = data.Text(DicomTags.PatientId) ?? data.Text(PatientName);
        var pseudonym = "P" + Convert.ToHexStringLower(Hash("patient", patient ?? source).AsSpan(0, 6));
        var instance = Uid(data.Text(DicomTags.SopInstance) ?? source);

        var removed = new SortedSet<string>(StringComparer.Ordinal);
        var body = new SortedDictionary<uint, byte[]>();
        Keep(data, body, removed, top: true);
        Put(body, DicomTags.SopInstance, "UI", instance);
        foreach (var tag in new[] { StudyInstance, SeriesInstance, FrameOfReference }.Where(tag => tag != FrameOfReference || data[tag] is not null))
        {
            Put(body, tag, "UI", Uid(data.Text(tag) ?? $"{tag:X8} of {instance}"));
        }

        Put(body, PatientName, "PN", pseudonym);
        Put(body, DicomTags.PatientId, "LO", pseudonym);
        Put(body, InstanceNumber, "IS", data.Number(InstanceNumber)?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
        Put(body, 0x00120062, "CS", "YES");
        Put(body, 0x00120063, "LO", "Allow-list after PS3.15 annex E; UIDs by HMAC-SHA256");
        Put(body, 0x00280303, "CS", "REMOVED");
        foreach (var (tag, vr) in Emptied)
        {
            Put(body, tag, vr, string.Empty);
        }

        var pixels = new MemoryStream();
        WritePixels(pixels, data[module.PixelTag]!, module, syntax);
        body[module.PixelTag] = pixels.ToArray();
        var relative = $"{pseudonym}/{instance}.dcm";
        AtomicFile.Write(Path.Combine(output, relative), stream =>
        {
            DicomWriter.Begin(stream, CodeOf(data.Text(DicomTags.SopClass)) ?? "1.2.840.10008.5.1.4.1.1.7", instance, native ? DicomParser.ExplicitLittle : syntax);
            foreach (var element in body.Values)
            {
                stream.Write(element);
            }
        });
        return new DeidentifiedCopy(relative, [.. removed], data.Elements.Count(e => DicomTags.IsPrivate(e.Tag)), data.Text(DicomTags.BurnedIn) is "YES" or "NO" ? data.Text(DicomTags.BurnedIn)! : string.Empty);
    }

    private static void Keep(DicomDataset from, SortedDictionary<uint, byte[]> to, SortedSet<string> removed, bool top)
    {
        foreach (var element in from.Elements.Where(e => (e.Tag & 0xFFFF) != 0))
        {
            if (DicomTags.IsPixels(element.Tag) && top)
            {
                continue;
            }

            if (!DicomKept.Contains(element.Tag) || !Write(element, to, removed))
            {
                removed.Add(DicomKept.NameOf(element.Tag));
            }
        }
    }

    /// <summary>False where the value is not what such an attribute holds: free text may hide in any.</summary>
    private static bool Write(DicomElement element, SortedDictionary<uint, byte[]> to, SortedSet<string> removed)
    {
        var bytes = new MemoryStream();
        var vr = DicomKept.VrOf(element.Tag)!;
        if (vr == "SQ")
        {
            var items = new List<byte[]>();
            foreach (var item in element.Items ?? [])
            {
                var inner = new SortedDictionary<uint, byte[]>();
                Keep(item, inner, removed, top: false);
                items.Add([.. inner.Values.SelectMany(e => e)]);
            }

            DicomWriter.Sequence(bytes, element.Tag, items);
        }
        else if (vr is "US" or "OW")
        {
            var value = element.Value.ToArray();
            if (element.BigEndian && element.Vr != "OB")
            {
                NumberTypes.Swap(value, 2);
            }

            DicomWriter.Value(bytes, element.Tag, element.Vr is "US" or "SS" or "OW" or "OB" ? element.Vr : vr, value);
        }
        else if (Lawful(vr, element) is { } text)
        {
            DicomWriter.Text(bytes, element.Tag, vr, text);
        }
        else
        {
            return false;
        }

        to[element.Tag] = bytes.ToArray();
        return true;
    }

    private static string? Lawful(string vr, DicomElement element)
    {
        var texts = element.Texts;
        return vr switch
        {
            "DS" or "IS" => element.Numbers is not null || texts is [""] ? string.Join('\\', texts) : null,
            "AS" => DicomKept.Years(texts[0]) is { } years ? int.Parse(years, CultureInfo.InvariantCulture).ToString("D3", CultureInfo.InvariantCulture) + "Y" : null,
            "UI" => CodeOf(texts[0]),
            "CS" => texts.All(t => t.Length <= 16 && t.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is ' ' or '_')) ? string.Join('\\', texts) : null,
            _ => texts.All(t => t.Length <= 64 && t.All(c => c is >= ' ' and <= '~')) ? string.Join('\\', texts) : null,
        };
    }

    private static string? CodeOf(string? uid) => uid is { Length: > 0 and <= 64 } && uid.All(c => char.IsAsciiDigit(c) || c == '.') ? uid : null;

    private static void WritePixels(MemoryStream to, DicomElement pixels, DicomPixelModule module, string syntax)
    {
        if (pixels.Fragments is { } fragments)
        {
            DicomWriter.Encapsulated(to, fragments);
            return;
        }

        var value = pixels.Value.ToArray();
        if ((pixels.BigEndian || syntax == DicomParser.GeneralElectric) && pixels.Vr != "OB")
        {
            NumberTypes.Swap(value, Math.Max(2, module.BitsAllocated / 8));
        }

        var vr = module.PixelTag switch { DicomTags.FloatPixels => "OF", DicomTags.DoublePixels => "OD", _ => module.BitsAllocated <= 8 ? "OB" : "OW" };
        DicomWriter.Value(to, module.PixelTag, vr, value);
    }

    private static void Put(SortedDictionary<uint, byte[]> to, uint tag, string vr, string text)
    {
        var bytes = new MemoryStream();
        DicomWriter.Text(bytes, tag, vr, text);
        to[tag] = bytes.ToArray();
    }

    // 2.25 and a number of 128 bits, as PS3.5, annex B.2 makes UIDs of UUIDs.
    private string Uid(string old) => "2.25." + new BigInteger(Hash("uid", old).AsSpan(0, 16), isUnsigned: true).ToString(CultureInfo.InvariantCulture);

    private byte[] Hash(string kind, string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{kind}\0{text}"));
}
