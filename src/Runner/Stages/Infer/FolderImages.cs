using System.Text.Json.Nodes;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Volumes;

namespace Osteon.Runner;

/// <summary>Images of a folder without labels, of any kind that is read: pictures, DICOM, NIfTI and NumPy, side by side and in folders below.</summary>
internal sealed class FolderImages
{
    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"];

    private static readonly string[] Volumes = [".nii.gz", ".nii", ".hdr", ".img", ".img.gz"];

    private static readonly string[] Arrays = [".npy", ".npz"];

    private readonly List<(CaseSource Source, Func<Image> Read)> _images = [];
    private readonly List<string> _leftOut = [];

    /// <summary>Lists a folder. Files of the experiment's own format are read with its options, so that grey levels are those that were learned from.</summary>
    /// <param name="session">The experiment.</param>
    /// <param name="root">The folder.</param>
    /// <exception cref="ConfigurationException">There is no such folder, or no image in it.</exception>
    public FolderImages(ExperimentSession session, string root)
    {
        if (!Directory.Exists(root))
        {
            throw new ConfigurationException($"--input={root}: there is no such folder.");
        }

        string[] files = [.. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint })
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(NaturalOrder.Instance)];
        foreach (var file in files.Where(f => Ends(f, Pictures)))
        {
            _images.AddRange(Pages(root, file));
        }

        Add(session, root, "nifti", files.Where(f => Ends(f, Volumes)));
        Add(session, root, "numpy", files.Where(f => Ends(f, Arrays)));
        Add(session, root, "dicom", files.Where(f => !Ends(f, Pictures) && !Ends(f, Volumes) && !Ends(f, Arrays) && MayBeDicom(root, f)));
        if (_images.Count == 0)
        {
            throw new ConfigurationException($"--input={root}: there is no image in it. Read are {string.Join(" ", Pictures.Concat(Volumes.Take(3)).Concat(Arrays))}, and DICOM files of any name.");
        }

        // A submission names images by their files alone.
        var names = _images.GroupBy(i => i.Source.ImageName, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < _images.Count; i++)
        {
            if (names.Contains(_images[i].Source.ImageName))
            {
                _images[i] = (_images[i].Source with { ImagePath = _images[i].Source.ImagePath.Replace('/', '-') }, _images[i].Read);
            }
        }
    }

    /// <summary>The images, in natural order within a kind.</summary>
    public IReadOnlyList<(CaseSource Source, Func<Image> Read)> Images => _images;

    /// <summary>Files that are none, with the reason.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    private void Add(ExperimentSession session, string root, string name, IEnumerable<string> files)
    {
        var own = files.ToHashSet(StringComparer.Ordinal);
        if (own.Count == 0)
        {
            return;
        }

        var choice = session.Plan.Data.Format;
        var options = choice.Name == name ? (JsonObject)choice.Options.DeepClone() : [];
        foreach (var (key, value) in new[] { ("images", "."), ("labels", ""), ("test_images", ""), ("test_labels", ""), ("patient_pattern", "") })
        {
            options[key] = value;
        }

        options.Remove("image_suffix");
        var format = session.Plugins.Create<DatasetFormat>(new Choice(name, options));
        var index = format.Index(root);
        foreach (var source in index.Cases.Where(c => own.Contains(Part.Split(c.ImagePath).File)))
        {
            _images.Add((source, () => format.ReadImage(root, source)));
        }

        _leftOut.AddRange(index.Findings.Where(f => own.Contains(f.Where)).Select(f => $"{f.Where}: {f.Message}"));
    }

    // DICOM files have any name; one that says to be something else is left out where nothing in it is DICOM.
    private bool MayBeDicom(string root, string file)
    {
        if (Path.GetExtension(file).Length == 0 || Ends(file, [".dcm", ".dicom", ".ima"]))
        {
            return true;
        }

        try
        {
            return DicomFile.TryReadHeader(ConfinedPath.Of(root, file), out _, out _) || Told();
        }
        catch (DataException)
        {
            return Told();
        }

        bool Told()
        {
            _leftOut.Add($"{file}: it is no image of a kind that is read.");
            return false;
        }
    }

    private static IEnumerable<(CaseSource, Func<Image>)> Pages(string root, string file)
    {
        var path = ConfinedPath.Of(root, file);
        var pages = 1;
        if (Ends(file, [".tif", ".tiff"]))
        {
            try
            {
                pages = ImageFile.CountPages(path);
            }
            catch (DataException)
            {
                // Reading it tells what is wrong.
            }
        }

        return Enumerable.Range(0, pages).Select(page =>
        {
            var name = pages == 1 ? file : Part.Of(file, page);
            return (new CaseSource(name.Replace('/', '-'), name, Subset.Test, name, null), (Func<Image>)(() => ImageFile.ReadGray(path, page)));
        });
    }

    private static bool Ends(string file, string[] endings) => endings.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase));
}
