using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Runner;

/// <summary>Answers as challenges of overlapping classes ask for them: a file an image, uint8 [row, column, channel], at its original size.</summary>
/// <param name="folder">Where the folder npy is made.</param>
public sealed class AnswerStacks(string folder)
{
    /// <summary>Below the unit's folder, and the run's.</summary>
    public const string FolderName = "npy";

    private readonly Dictionary<string, string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes one image's masks.</summary>
    /// <exception cref="ConfigurationException">Another image has the same name.</exception>
    public void Write(CaseSource source, IReadOnlyList<Mask> masks)
    {
        var name = NameOf(source.ImageName);
        if (!_taken.TryAdd(name, source.ImagePath))
        {
            throw new ConfigurationException($"{source.ImagePath}: its answer would be {name}.npy, as that of {_taken[name]}; rename one of them, or leave npy out of ensemble.outputs.");
        }

        NpyFile.Write(Path.Combine(folder, FolderName, name + ".npy"), LabelPlanes.ToStack(masks));
    }

    /// <summary>The image's name without ending; of a slice or frame its number behind it.</summary>
    public static string NameOf(string image)
    {
        var (file, _) = Part.Split(image);
        var packed = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetFileNameWithoutExtension(packed) + image[file.Length..].Replace('#', '-');
    }
}
