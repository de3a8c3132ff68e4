namespace Osteon.Checking;

/// <summary>Every rule, in the order docs and pages show them: files, names, shapes, labels, classes, images, classes of images, copies.</summary>
public static class RuleCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new UnreadableImage(), new UnreadableLabel(),
        .. ReportedByFormat.All, new OtherLayout(),
        new SameImageName(), new NamesCollide(), new MetadataMissing(), new SpacingMix(),
        new SizeMismatch(), new ExifRotated(), new PolygonOutsideFrame(), new SelfCrossing(), new DegenerateShape(), new ClaimMismatch(), new RepeatedClass(), new ClassOrderDrift(), new UnknownClass(),
        new NoLabels(), new NoLabel(), new WeakLabelling(), new EmptyLabel(), new EmptyLabelShare(), new NotOneClass(), new TargetRange(), new StoredLabelsDiffer(), new LabelShareOutlier(),
        new ClassNeverSeen(), new ClassEverywhere(), new ClassMissing(), new ClassLostAtSize(), new AreaOutlier(), new PartsApart(), new TinyFragments(),
        new SwappedClasses(), new MirroredImage(), new SideMismatch(), new RotatedImage(),
        new ConstantImage(), new BrightnessOutlier(), new ContrastOutlier(), new InvertedImage(), new SizeOutlier(), new BitDepthMix(), new PhotometricMix(), new ColourImage(), new NotFinite(),
        new ImageWithoutClass(), new ClassWithoutImage(), new OneClass(), new ClassImbalance(), new ContradictingClasses(),
        new SameImage(), new SameImageAcrossPatients(), new NearDuplicate(), new PatientInTrainAndTest(), new TestTrainOverlap(),
    ];

    /// <summary>Those that have something to say of a data set: where images are classified, empty masks are no fault, and other masks than those that say the class do not matter.</summary>
    public static IEnumerable<Rule> For(CheckedData data) => All.Where(r => data.Images is null
        || (data.ClassesAreOfMasks ? r is not (EmptyLabel or EmptyLabelShare or NoLabel or LabelShareOutlier) : !OfMasks.Contains(r.Name)));

    private static readonly HashSet<string> OfMasks =
    [
        "missing-label", "no-labels", "no-label", "weak-labels", "empty-label", "empty-label-share", "not-one-class", "target-range", "stored-labels-differ", "label-share-outlier",
        "polygon-outside-frame", "self-crossing", "degenerate-shape", "repeated-class", "class-order-drift", "unknown-class",
        "class-never-seen", "class-everywhere", "class-missing", "class-lost-at-size", "area-outlier", "parts-apart", "tiny-fragments", "swapped-classes", "mirrored-image", "side-mismatch", "rotated-image",
    ];

    /// <summary>A rule by its name, or null.</summary>
    public static Rule? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}
