namespace Osteon.Checking;

/// <summary>Every rule, in the order docs and pages show them: files, names, shapes, labels, classes, images, copies.</summary>
public static class RuleCatalogue
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new UnreadableImage(), new UnreadableLabel(),
        .. ReportedByFormat.All, new OtherLayout(),
        new SameImageName(), new NamesCollide(), new MetadataMissing(), new SpacingMix(),
        new SizeMismatch(), new ExifRotated(), new PolygonOutsideFrame(), new SelfCrossing(), new DegenerateShape(), new RepeatedClass(), new ClassOrderDrift(), new UnknownClass(),
        new NoLabels(), new NoLabel(), new WeakLabelling(), new EmptyLabel(), new EmptyLabelShare(), new NotOneClass(), new TargetRange(), new StoredLabelsDiffer(), new LabelShareOutlier(),
        new ClassNeverSeen(), new ClassEverywhere(), new ClassMissing(), new ClassLostAtSize(), new AreaOutlier(), new PartsApart(), new TinyFragments(),
        new SwappedClasses(), new MirroredImage(), new SideMismatch(), new RotatedImage(),
        new ConstantImage(), new BrightnessOutlier(), new ContrastOutlier(), new InvertedImage(), new SizeOutlier(), new BitDepthMix(), new PhotometricMix(), new ColourImage(), new NotFinite(),
        new SameImage(), new SameImageAcrossPatients(), new NearDuplicate(), new PatientInTrainAndTest(), new TestTrainOverlap(),
    ];

    /// <summary>A rule by its name, or null.</summary>
    public static Rule? Find(string name) => All.FirstOrDefault(r => r.Name == name);
}
