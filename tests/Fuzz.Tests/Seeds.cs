using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Plugins.HandBone;
using Osteon.Volumes;
using TorchSharp;

namespace Osteon.Fuzz.Tests;

/// <summary>Small whole files made by the project's own writers, so that a clone without the shared data fuzzes too.</summary>
internal static partial class Seeds
{
    public static IEnumerable<byte[]> Npy() => Written("a.npy",
        path => NpyFile.Write(path, NumberArray.Of<float>([1, 2, 3, 4, 5, 6], 2, 3)),
        path => NpyFile.Write(path, new NumberArray(NumberType.UInt8, [8, 8, 7], firstFastest: true, new byte[448])));

    public static IEnumerable<byte[]> Npz() => Written("a.npz", path => NpzFile.Write(path, ("image", NumberArray.Of<ushort>(new ushort[256], 16, 16)), ("label", NumberArray.Of<byte>(new byte[256], 16, 16))));

    public static IEnumerable<byte[]> Nifti() => Written("a.nii",
        path => NiftiFile.Write(path, new NumberArray(NumberType.Int16, [4, 5, 6], firstFastest: true, new byte[240]), NiftiGeometry.Unit(3)),
        path => NiftiFile.Write(path, new NumberArray(NumberType.UInt8, [40_000, 2], firstFastest: true, new byte[80_000]), NiftiGeometry.Unit(2)));

    public static IEnumerable<byte[]> Mat() => Written("a.mat", path => MatWriter.Write(path,
        ("label_separated", new NumberArray(NumberType.UInt8, [8, 9, 7], firstFastest: true, new byte[504])), ("x", new NumberArray(NumberType.Double, [2, 2], firstFastest: true, new byte[32]))));

    public static IEnumerable<byte[]> Dicom() => Written("a.dcm", path => DicomImageWriter.Write(path, new DicomImage
    {
        Frame = new Frame(16, 12),
        Pixels = Enumerable.Range(0, 192).Select(i => (ushort)(i * 21)).ToArray(),
        Inverted = true,
        PatientId = "P1",
        Age = 40,
        Sex = "F",
        BodyPart = "HAND",
        ImagerPixelSpacing = (0.1, 0.1),
        SopInstance = "1.2.3.4",
    }));

    public static IEnumerable<byte[]> Png() => [ImageFile.EncodePng(Grey(1)), ImageFile.EncodePng(Grey(2)), ImageFile.EncodePngRgb(new Frame(4, 6), new byte[72])];

    /// <summary>Stacks of two pages, of 8 and of 16 bits.</summary>
    public static IEnumerable<byte[]> Tiff() => [Formats.Tests.TiffStack.Of(Grey(1), Grey(1)), Formats.Tests.TiffStack.Of(Grey(2), Grey(2))];

    public static IEnumerable<byte[]> RleCsv() =>
    [
        "image_name,class,rle\na.png,ulna,1 9 41 9 81 9 121 9\na.png,\"radius\",\na.png,ulna,952 9\n"u8.ToArray(),
        "Image Index;rle\r\na;1 9 41 9 81 9 940 21\r\nb;NaN\r\n"u8.ToArray(),
    ];

    public static IEnumerable<byte[]> MaskTable() => ["image,class,mask,top,left\na.png,ulna,a.png,0,0\na,\"radius\",,3,4\n"u8.ToArray()];

    public static IEnumerable<byte[]> MMSegList() => ["a\nb.png\n"u8.ToArray()];

    public static IEnumerable<byte[]> Jpeg() => [ImageFile.EncodeJpeg(Grey(1)), ImageFile.EncodeJpeg(Grey(1), 20)];

    /// <summary>A bitmap of 24 bits and one of 8 with a palette.</summary>
    public static IEnumerable<byte[]> Bmp()
    {
        yield return Bitmap(24, 0, 4 * 12);
        yield return Bitmap(8, 256, 4 * 4);
    }

    public static IEnumerable<byte[]> HandBoneJson() =>
    [
        Encoding.UTF8.GetBytes("""{"annotations":[{"id":"30-x","type":"poly_seg","attributes":{},"points":[[1,1],[5,1],[5,5]],"label":"finger-1"}],"attributes":{},"filename":"a.jpg","metadata":{"height":3060,"width":3060}}"""),
        .. Synthetic("train/outputs_json").Select(json => Encoding.UTF8.GetBytes(FileName().Replace(Encoding.UTF8.GetString(json), "\"filename\":\"a.jpg\""))),
    ];

    public static IEnumerable<byte[]> Coco() =>
    [
        Encoding.UTF8.GetBytes("""
            {"images":[{"id":5,"file_name":"a.png","height":8,"width":10},{"id":6,"file_name":"b.png"}],"categories":[{"id":0,"name":"x"},{"id":90,"name":"\u00e9"}],
            "annotations":[{"id":1,"image_id":5,"category_id":90,"iscrowd":0,"bbox":[1,1,4,3],"area":12.5,"segmentation":[[1,1,5,1,5,4],[2.5,2,3e1,4,5,6.25]]},
            {"id":2,"image_id":5,"category_id":0,"iscrowd":1,"segmentation":{"size":[8,10],"counts":[8,8,64]}},
            {"id":3,"image_id":5,"category_id":0,"segmentation":{"size":[8,10],"counts":"88P2"}}]}
            """),
    ];

    /// <summary>Which values of a text become which others, two bytes each: what is damaged in them leaves the text well formed.</summary>
    public static IEnumerable<byte[]> Recipes() => [[], [3, 1], [7, 2, 40, 9], [90, 4, 12, 12, 33, 30]];

    /// <summary>A text in which some numbers, words, lists and objects are others, of a kind that may stand in their place.</summary>
    public static byte[] WithOddValues(byte[] text, byte[] recipe)
    {
        string[] odd = ["0", "-1", "1.5", "1e300", "1e-300", "-0.0", "2147483648", "9223372036854775807", "null", "true", "\"\"", "\"x\"", "\"../a\"", "\"\\ud800\"", "[]", "{}", "[[]]", "[1,2]", "[1,2,3,4,5,6]", "[\"x\"]", "{\"size\":[8,10],\"counts\":[80]}"];
        var whole = Encoding.UTF8.GetString(text);
        for (var i = 0; i + 1 < Math.Min(recipe.Length, 12); i += 2)
        {
            var values = OneValue().Matches(whole);
            var value = values[recipe[i] % values.Count];
            whole = whole.Remove(value.Index, value.Length).Insert(value.Index, odd[recipe[i + 1] % odd.Length]);
        }

        return Encoding.UTF8.GetBytes(whole);
    }

    public static IEnumerable<byte[]> LabelMe() =>
    [
        Encoding.UTF8.GetBytes($$"""
            {"version":"5.4.1","flags":{},"shapes":[{"label":"a","points":[[1,1],[5.5,1],[5,4]],"group_id":null,"shape_type":"polygon"},{"label":"b","points":[[1,2],[8,6]],"shape_type":"circle"},
            {"label":"b","points":[[1,2],[8,6],[3,3]],"shape_type":"linestrip"},{"label":"\u00e9","points":[[2,3],[17,18]],"shape_type":"mask","mask":"{{Convert.ToBase64String(ImageFile.EncodePng(Grey(1)))}}"}],
            "imagePath":"a.png","imageData":null,"imageHeight":512,"imageWidth":512}
            """),
        Encoding.UTF8.GetBytes($$"""{"imageData":"{{Convert.ToBase64String(ImageFile.EncodePng(Grey(1)))}}","imagePath":"b.png","shapes":[{"label":"a","points":[[1,1],[5,4]],"shape_type":"rectangle"}]}"""),
    ];

    public static IEnumerable<byte[]> Yolo() => [Encoding.UTF8.GetBytes("0 0.1 0.25 0.5 0.25 0.5 0.5 0.1 0.5\n1 0.5 0.5 0.25 0.125\n")];

    public static IEnumerable<byte[]> YoloYaml() =>
    [
        Encoding.UTF8.GetBytes("path: ../datasets/wrists\ntrain: images/train\nnames:\n  0: ulna\n  1: radius\n"),
        Encoding.UTF8.GetBytes("train: [images/train]\nnc: 2\nnames: ['ulna', \"radius\"]\n"),
    ];

    public static IEnumerable<byte[]> Voc() =>
    [
        Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><annotation><filename>a.png</filename><size><width>512</width><height>512</height><depth>1</depth></size><object><name>a</name><difficult>0</difficult><bndbox><xmin>2</xmin><ymin>1</ymin><xmax>5.5</xmax><ymax>30</ymax></bndbox></object></annotation>"),
    ];

    public static IEnumerable<byte[]> Xlsx() => Synthetic(".");

    /// <summary>The cells of a workbook, unpacked.</summary>
    public static IEnumerable<byte[]> Sheet() => [Part(Synthetic(".").First(), "xl/worksheets/sheet1.xml")];

    public static IEnumerable<byte[]> Csv() => [Encoding.UTF8.GetBytes("ID,나이,성별,체중(몸무게),키(신장),Unnamed: 5\nID001,29,남,70,180,\nID002,\"31\",여,52.5,160,\"네일아트, \"\"x\"\"\"\n")];

    /// <summary>nnU-Net's list, and this program's own file.</summary>
    public static IEnumerable<byte[]> SplitJson() =>
    [
        """[{"train": ["c0", "c1"], "val": ["c2", "c3"]}, {"train": ["c2", "c3"], "val": ["c0", "c1"]}]"""u8.ToArray(),
        """{"test": ["c3"], "folds": [{"train": ["c0", "c1"], "validation": ["c2"]}], "version": 2, "made": {"by": "stratified groups", "group": "patient", "stratify": ["classes"], "seed": 7}}"""u8.ToArray(),
    ];

    public static IEnumerable<byte[]> SplitCsv() => ["image,fold\nc0.png,0\nc1.png,0\n\"c2\",1\nimages/c3.png,test\n"u8.ToArray(), "case,split\nc0,train\nc1,train\nc2,valid\nc3,test\n"u8.ToArray()];

    public static IEnumerable<byte[]> SafeTensors() => Written("a.safetensors", path =>
    {
        using var weight = torch.zeros(3, 4);
        using var bias = torch.zeros(5);
        Models.SafeTensors.Write(path, [new("conv.weight", weight), new("conv.bias", bias)]);
    });

    public static IEnumerable<byte[]> Pth() => [Archive(Pickle().First())];

    /// <summary>torch.save({"w": torch.zeros(4)}), its pickle as protocol 2 writes it.</summary>
    public static IEnumerable<byte[]> Pickle() =>
    [
        [
            0x80, 2, .. "ccollections\nOrderedDict\n)R(X"u8, 1, 0, 0, 0, .. "wctorch._utils\n_rebuild_tensor_v2\n((X"u8, 7, 0, 0, 0, .. "storagectorch\nFloatStorage\nX"u8, 1, 0, 0, 0, .. "0X"u8, 3, 0, 0, 0,
            .. "cpuK"u8, 4, .. "tQK"u8, 0, (byte)'K', 4, 0x85, (byte)'K', 1, 0x85, 0x89, .. "ccollections\nOrderedDict\n)RtRu."u8,
        ],
    ];

    /// <summary>The zip around a pickle and its one storage.</summary>
    public static byte[] Archive(byte[] pickle)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { ("archive/data.pkl", pickle), ("archive/data/0", new byte[16]), ("archive/version", "3\n"u8.ToArray()) })
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var pack = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            pack.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>An .npz of one array.</summary>
    public static byte[] Zip(byte[] npy)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("a.npy", CompressionLevel.Fastest).Open();
            entry.Write(npy);
        }

        return packed.ToArray();
    }

    /// <summary>A workbook of which one part is another.</summary>
    public static byte[] Workbook(byte[] sheet)
    {
        var packed = new MemoryStream();
        packed.Write(Synthetic(".").First());
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("xl/worksheets/sheet1.xml")!.Delete();
            using var entry = zip.CreateEntry("xl/worksheets/sheet1.xml").Open();
            entry.Write(sheet);
        }

        return packed.ToArray();
    }

    /// <summary>A PNG whose chunks have the checksums of their new content.</summary>
    public static byte[] PngSums(byte[] png)
    {
        var at = 8;
        while (at + 12 <= png.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
            {
                break;
            }

            var content = png.AsSpan(at + 4, 4 + (int)length);
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), Crc32(content));
            at += 12 + (int)length;
        }

        return png;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private static Image Grey(int bytes)
    {
        var image = new Image(new Frame(16, 16), bytes);
        for (var i = 0; i < image.Bytes.Length; i++)
        {
            image.Bytes[i] = (byte)(i * 7);
        }

        return image;
    }

    private static byte[] Bitmap(short bits, int colours, int size)
    {
        var offset = 54 + (4 * colours);
        var bytes = new byte[offset + size];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), 4);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), 4);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), bits);
        return bytes;
    }

    private static byte[] Part(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        using var part = archive.GetEntry(name)!.Open();
        var bytes = new MemoryStream();
        part.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static readonly Lazy<Dictionary<string, byte[][]>> s_hands = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("osteon-fuzz-").FullName;
        try
        {
            new HandSynthesizer(new HandSynthesizerOptions { Patients = 1, TestPatients = 0, Size = 128 }).Synthesize(folder, new Progress<(int, int)>(), CancellationToken.None);
            return new() { ["."] = Files("."), ["train/outputs_json"] = Files("train/outputs_json") };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        byte[][] Files(string below) => [.. Directory.EnumerateFiles(Path.Combine(folder, below), below == "." ? "*.xlsx" : "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
    });

    private static byte[][] Synthetic(string below) => s_hands.Value[below];

    private static IEnumerable<byte[]> Written(string name, params Action<string>[] writers)
    {
        foreach (var write in writers)
        {
            var folder = Directory.CreateTempSubdirectory("osteon-fuzz-").FullName;
            try
            {
                write(Path.Combine(folder, name));
                yield return File.ReadAllBytes(Path.Combine(folder, name));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [GeneratedRegex("""(?<=[:\[,>]\s*)("([^"\\]|\\.)*"|-?[0-9.]+(e[0-9]+)?|\[[^\[\]{}]*\]|\{[^{}]*\})""")]
    private static partial Regex OneValue();

    [GeneratedRegex("\"filename\":\"[^\"]*\"")]
    private static partial Regex FileName();
}
