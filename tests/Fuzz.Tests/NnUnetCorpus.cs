using System.Text;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.NnUnet;

namespace Osteon.Fuzz.Tests;

/// <summary>The two files that say what a raw data set of nnU-Net is; its images and labels are read by readers that have targets of their own.</summary>
internal static class NnUnetCorpus
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("nnunet", "dataset.json", Datasets, path => Read(Path.GetDirectoryName(path)!)),
        new("nnunet-groups", "groups.json", Groups, path => Read(Path.GetDirectoryName(path)!)),
    ];

    /// <summary>dataset.json of version 2, of version 2 with regions and a list of files, and of version 1.</summary>
    private static IEnumerable<byte[]> Datasets() => new[]
    {
        """{"channel_names":{"0":"radiograph"},"labels":{"background":0,"radius":1,"ulna":2},"numTraining":1,"file_ending":".png"}""",
        """{"channel_names":{"0":"x"},"labels":{"background":0,"whole":[1,2],"part":2,"ignore":3},"regions_class_order":[1,2],"numTraining":1,"file_ending":".png","dataset":{"b":{"images":["imagesTr/a_0000.png"],"label":"./labelsTr/a.png"}}}""",
        """{"modality":{"0":"CT"},"labels":{"0":"background","1":"liver","2":"tumour"},"numTraining":1,"file_ending":".png","training":[{"image":"./imagesTr/a.png","label":"./labelsTr/a.png"}],"test":["./imagesTs/b.png"]}""",
    }.Select(Encoding.UTF8.GetBytes);

    private static IEnumerable<byte[]> Groups() => [Encoding.UTF8.GetBytes("""{"about":"x","classes":["radius","ulna"],"datasets":[{"folder":"Dataset001_A","labels":{"radius":1}},{"folder":"Dataset002_B","labels":{"ulna":1}}]}""")];

    // Around the damaged file lies a whole data set, once at the root and once as Dataset001_A and Dataset002_B.
    private static void Read(string root)
    {
        foreach (var folder in new[] { ".", "Dataset001_A", "Dataset002_B" })
        {
            var path = Path.Combine(root, folder, "imagesTr", "a_0000.png");
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Directory.CreateDirectory(Path.Combine(root, folder, "labelsTr"));
                File.WriteAllBytes(path, Seeds.Png().First());
                File.WriteAllBytes(Path.Combine(root, folder, "labelsTr", "a.png"), ImageFile.EncodePng(new Image(new Frame(16, 16), 1, [.. Enumerable.Range(0, 256).Select(i => (byte)(i % 3))])));
                if (folder != ".")
                {
                    File.WriteAllBytes(Path.Combine(root, folder, "dataset.json"), Datasets().First());
                }
            }
        }

        var format = new NnUnetFormat(new NnUnetOptions { PatientPattern = "." });
        _ = format.ClassesIn(root);
        foreach (var source in format.Index(root).Cases)
        {
            var frame = format.ReadImage(root, source).Frame;
            if (source.LabelPath is not null)
            {
                format.ReadLabels(root, source, frame);
            }
        }
    }
}
