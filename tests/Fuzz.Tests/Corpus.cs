using System.Text;
using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Plugins.Coco;
using Osteon.Plugins.HandBone;
using Osteon.Plugins.ImageMask;
using Osteon.Plugins.RleCsv;
using Osteon.Plugins.LabelMe;
using Osteon.Plugins.Voc;
using Osteon.Plugins.Yolo;
using Osteon.Volumes;

namespace Osteon.Fuzz.Tests;

/// <summary>Every reader of files that come from elsewhere. A format more is a line more.</summary>
internal static class Corpus
{
    private static readonly Frame Any = new(512, 512);

    public static IReadOnlyList<Target> All { get; } =
    [
        new("npy", "a.npy", Seeds.Npy, path => NpyFile.Read(path)),
        new("npz", "a.npz", Seeds.Npz, ReadNpz),
        new("npz-inside", "a.npz", Seeds.Npy, ReadNpz) { Pack = Seeds.Zip },
        new("nifti", "a.nii", () => [.. Seeds.Nifti(), .. Target.Shared("nifti/*.nii")], path => NiftiFile.Read(path).ToValues()),
        new("nifti-gz", "a.nii.gz", () => [.. Seeds.Nifti().Select(Seeds.Gzip), .. Target.Shared("nifti/*.gz")], path => NiftiFile.Read(path)),
        new("nifti-gz-inside", "a.nii.gz", Seeds.Nifti, path => NiftiFile.Read(path)) { Pack = Seeds.Gzip },
        new("mat", "a.mat", () => [.. Seeds.Mat(), .. Target.Shared("mat/scipy*.mat", "mat/matio_test_?e*.mat", "mat/matjl_v6_a*.mat", "mat/matjl_v7_*.mat")], ReadMat),
        new("mat-7.3", "a.mat", () => Target.Shared("mat/matjl_v7.3_*.mat", "mat/purehdf*.mat", "mat/derived*v73*.mat", "mat/scipy_testhdf5*.mat"), ReadMat) { Costs = 10 },
        new("dicom", "a.dcm", () => [.. Seeds.Dicom(), .. Target.Shared("dicom/CT*.dcm", "dicom/MR_small*l.dcm", "dicom/MR_small_RLE.dcm", "dicom/SC*.dcm", "dicom/rt*.dcm", "dicom/tiny*.dcm", "dicom/image_dfl.dcm", "dicom/liver*.dcm")], ReadDicom),
        new("dicom-jpeg", "a.dcm", () => Target.Shared("dicom/MR_small_jp2k*.dcm", "dicom/JPG*.dcm", "dicom/leg_CR_mono1_jpeg_12bit*.dcm"), ReadDicom) { Costs = 10 },
        new("png", "a.png", () => [.. Seeds.Png(), .. Target.Shared("images/pngsuite/*.png")], ReadImage),
        new("png-inside", "a.png", () => [.. Seeds.Png(), .. Target.Shared("images/pngsuite/*.png")], ReadImage) { Pack = Seeds.PngSums },
        new("jpeg", "a.jpg", () => [.. Seeds.Jpeg(), .. Target.Shared("images/*.jpg")], ReadImage),
        new("tiff", "a.tif", () => [.. Seeds.Tiff(), .. Target.Shared("images/*.tif", "images/*.tiff")], ReadImage),
        new("bmp", "a.bmp", Seeds.Bmp, ReadImage),
        new("hand-bone-json", "a.json", Seeds.HandBoneJson, path => HandBoneLabels.Read(path, path, Any)),
        new("coco", "a.json", () => [.. Seeds.Coco(), .. Target.Shared("coco/*.json")], ReadCoco),
        new("rle-csv", "train.csv", Seeds.RleCsv, path => ReadSet(path, new RleCsvFormat(new RleCsvOptions { Images = ".", Order = RunOrder.Row, Base = "1" }))),
        new("rle-csv-sniff", "train.csv", Seeds.RleCsv, path => ReadSet(path, new RleCsvFormat(new RleCsvOptions { Images = "." }))),
        new("mask-table", "masks.csv", Seeds.MaskTable, path => ReadSet(path, new MaskTableFormat(new MaskTableOptions { Images = ".", TopColumn = "top", LeftColumn = "left" }))),
        new("mmseg-list", "train.txt", Seeds.MMSegList, path => ReadSet(path, new MMSegFormat(new MMSegOptions { Classes = ["a"], ImgDir = ".", AnnDir = ".", Splits = new Dictionary<string, string> { ["train"] = "train.txt" } }))),
        new("label-png", "a_mask.png", () => [.. Seeds.Png(), .. Target.Shared("images/pngsuite/*.png")], path => ReadSet(path, new ImageMaskFormat(new ImageMaskOptions { Images = ".", Labels = ".", LabelSuffix = "_mask" }), ImageFile.ReadFrame(path))),
        new("label-tiff", "a_mask.tif", () => [.. Seeds.Tiff(), .. Target.Shared("images/*.tif", "images/*.tiff")], path => ReadSet(path, new ImageMaskFormat(new ImageMaskOptions { Images = ".", Labels = ".", LabelSuffix = "_mask" }), ImageFile.ReadFrame(path))),
        new("coco-values", "a.json", Seeds.Recipes, ReadCoco) { Pack = recipe => Seeds.WithOddValues(Seeds.Coco().First(), recipe) },
        new("labelme-values", "a.json", Seeds.Recipes, path => ReadBesideImage(path, new LabelMeFormat(new LabelMeOptions { LineWidth = 3 }))) { Pack = recipe => Seeds.WithOddValues(Seeds.LabelMe().First(), recipe) },
        new("voc-values", "a.xml", Seeds.Recipes, path => ReadBesideImage(path, new VocFormat(new VocOptions { Images = ".", Labels = "." }))) { Pack = recipe => Seeds.WithOddValues(Seeds.Voc().First(), recipe) },
        new("labelme", "a.json", Seeds.LabelMe, path => ReadBesideImage(path, new LabelMeFormat(new LabelMeOptions { LineWidth = 3 }))),
        new("yolo", "a.txt", () => [.. Seeds.Yolo(), .. Target.Shared("xray-fracatlas/annotations/yolo/*0.txt")], path => ReadBesideImage(path, new YoloFormat(new YoloOptions { Images = ".", Names = ["a", "b"], Boxes = true }))),
        new("yolo-yaml", "data.yaml", Seeds.YoloYaml, ReadYoloDescription),
        new("voc", "a.xml", () => [.. Seeds.Voc(), .. Target.Shared("xray-fracatlas/annotations/voc/*0.xml")], path => ReadBesideImage(path, new VocFormat(new VocOptions { Images = ".", Labels = ".", CheckNames = false }))),
        new("fracatlas-csv", "dataset.csv", () => [Encoding.UTF8.GetBytes("image_id,hand,fractured\nIMG1.jpg,1,0\n\"IMG2.jpg\",0,1\n")], ReadFracAtlas),
        .. NnUnetCorpus.All,
        new("xlsx", "meta_data.xlsx", Seeds.Xlsx, ReadPatients),
        new("xlsx-inside", "meta_data.xlsx", Seeds.Sheet, ReadPatients) { Pack = Seeds.Workbook },
        new("csv", "meta_data.csv", Seeds.Csv, ReadPatients),
        new("split-json", "splits_final.json", Seeds.SplitJson, ReadSplit),
        new("split-csv", "folds.csv", Seeds.SplitCsv, ReadSplit),
        new("safetensors", "a.safetensors", Seeds.SafeTensors, path => Free(SafeTensors.Read(path).Values)),
        new("pth", "a.pth", Seeds.Pth, ReadPth),
        new("pth-inside", "a.pth", Seeds.Pickle, ReadPth) { Pack = Seeds.Archive },
    ];

    private static void ReadSplit(string path)
    {
        var cases = Enumerable.Range(0, 4).Select(i => new StoredCase(new CaseSource($"c{i}", $"p{i}", Subset.Train, $"images/c{i}.png", "x"), Any, Any, Labelled: true)).ToArray();
        SplitImport.Read(path, cases, "patient");
    }

    private static void ReadPth(string path)
    {
        var contents = PthFile.Read(path);
        Free(contents.Read(Weights.FindStateDict(contents)).Values);
    }

    private static void Free(IEnumerable<TorchSharp.torch.Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            tensor.Dispose();
        }
    }

    private static void ReadNpz(string path)
    {
        foreach (var name in NpzFile.Names(path))
        {
            NpzFile.Read(path, name);
        }
    }

    private static void ReadMat(string path)
    {
        foreach (var variable in MatFile.List(path).Where(v => v.IsReadable))
        {
            MatFile.Read(path, variable.Name);
        }
    }

    private static void ReadDicom(string path)
    {
        _ = DicomFile.ReadHeader(path).Metadata;
        var file = DicomFile.Read(path);
        file.Render(new DicomRendering());
        file.Windows(0);
        file.ReadFrame(file.FrameCount - 1);
    }

    private static void ReadImage(string path)
    {
        ImageFile.ReadGray(path);
        ImageFile.ReadIndexed(path);
    }

    private static void ReadCoco(string path)
    {
        var file = CocoFile.Open(path, path);
        var reader = new CocoReader(new CategoryMap(new Dictionary<string, IReadOnlyList<string>>()), PolygonRaster.Coco, crowds: true);
        foreach (var image in file.Images)
        {
            reader.Read(file, image, path, image.Frame ?? Any);
        }
    }

    /// <summary>A data set of one case: image a.png, and a file of labels beside it.</summary>
    private static void ReadSet(string path, DatasetFormat format, Frame? own = null)
    {
        var frame = own ?? new Frame(24, 40);
        var root = Path.GetDirectoryName(path)!;
        var image = Path.Combine(root, "a.png");
        if (!File.Exists(image))
        {
            ImageFile.WritePng(image, new Image(new Frame(24, 40)));
        }

        foreach (var source in format.Index(root).Cases.Where(c => c.LabelPath is not null))
        {
            format.ReadLabels(root, source, frame);
        }
    }

    private static void ReadBesideImage(string path, DatasetFormat format)
    {
        var root = Path.GetDirectoryName(path)!;
        File.WriteAllBytes(Path.ChangeExtension(path, ".png"), []);
        format.ClassesIn(root);
        foreach (var source in format.Index(root).Cases.Where(c => c.LabelPath is not null))
        {
            format.ReadLabels(root, source, Any);
            if (source.ImagePath == source.LabelPath)
            {
                format.ReadImage(root, source);
            }
        }
    }

    private static void ReadYoloDescription(string path)
    {
        var root = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(Path.Combine(root, "images/train"));
        var format = new YoloFormat(new YoloOptions());
        format.ClassesIn(root);
        format.Index(root);
    }

    private static void ReadFracAtlas(string path)
    {
        var root = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(Path.Combine(root, "images"));
        File.WriteAllBytes(Path.Combine(root, "images/IMG1.jpg"), []);
        File.WriteAllText(Path.Combine(root, "COCO_fracture_masks.json"), """{"images":[],"annotations":[],"categories":[]}""");
        new FracAtlasFormat(new FracAtlasOptions()).Index(root);
    }

    private static void ReadPatients(string path)
    {
        var root = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(Path.Combine(root, "train", "DCM"));
        _ = new HandBoneFormat(new HandBoneOptions()).Index(root);
    }
}
