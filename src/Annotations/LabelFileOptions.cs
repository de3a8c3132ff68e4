namespace Osteon.Annotations;

/// <summary>Options of a format with a label file an image, of the image's name.</summary>
public abstract record LabelFileOptions : AnnotationOptions
{
    /// <summary>Folder of the label files below the root, with all folders in it; may be the images' own.</summary>
    public string Labels { get; init; } = "labels";

    /// <summary>Folder of images to predict; none when empty. When it lies in images, those are test images only.</summary>
    public string TestImages { get; init; } = string.Empty;

    /// <summary>Folder of their labels; none when empty.</summary>
    public string TestLabels { get; init; } = string.Empty;

    /// <summary>Whether what a label file itself calls its image must be the image's name; false takes the files' names alone.</summary>
    public bool CheckNames { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
        [.. base.Faults(), .. FaultOfPath("labels", Labels), .. FaultOfPath("test_images", TestImages), .. FaultOfPath("test_labels", TestLabels)];

    /// <summary>Holds the name that a label file has for its image against the image's.</summary>
    /// <param name="claimed">The file's; null or empty says nothing.</param>
    /// <param name="image">The image's path.</param>
    /// <returns>What is wrong, or null.</returns>
    public string? NameFault(string? claimed, string image) =>
        !CheckNames || string.IsNullOrWhiteSpace(claimed) || FileTree.StemOf(claimed.Replace('\\', '/')) == FileTree.StemOf(image) ? null
        : $"says that it belongs to {Few.Quoted(claimed)}, but stands beside {FileTree.NameOf(image)}; mend one of the names, or set check_names: false where the files' own names are right";
}
