using Osteon.Abstractions;
using Osteon.Annotations;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.RleCsv;

/// <summary>A convention and how it came to be known.</summary>
internal sealed record KnownConvention(RleConvention Convention, string How, bool Sniffed);

/// <summary>Finds out how a table's runs are written, from a sample of its images that is the same each time.</summary>
internal static class RleSniff
{
    private const int Images = 48, PicturesLookedAt = 24;
    private const long MostPixels = 1L << 27;

    /// <summary>The convention that options give, or that was found.</summary>
    /// <param name="root">The data set's root.</param>
    /// <param name="table">The rows.</param>
    /// <param name="names">The images.</param>
    /// <param name="options">What is given, and where references lie.</param>
    /// <exception cref="ConfigurationException">Nothing tells conventions apart, or none fits.</exception>
    public static KnownConvention Find(string root, RleTable table, FileTree names, RleCsvOptions options)
    {
        if (Given(options) is { } given)
        {
            return new KnownConvention(given, "order and base are given", Sniffed: false);
        }

        var (order, origin) = (options.GivenOrder, options.GivenBase);
        origin ??= table.StartsAtZero() ? 0 : null;
        var samples = Samples(root, table, names, options, order is null);
        if (samples.Count == 0)
        {
            throw new ConfigurationException($"{table.Path}: no row with a mask names an image that can be read, so that order and base cannot be found out. Say order: row or column, and base: 0 or 1.");
        }

        RleVerdict verdict;
        try
        {
            verdict = RleDecision.Decide(samples, order, origin);
        }
        catch (MaskFormatException e)
        {
            throw new ConfigurationException($"{table.Path}: the masks can be read in no order and base that is open ({e.Message}). Are the images those of the table, at their original size, and its cells pairs of start and length? See the option form.");
        }

        if (!verdict.IsDecided)
        {
            string[] say = [.. verdict.Order is null ? ["order: row or column (hand-bone submissions use row, most of Kaggle column)"] : Array.Empty<string>(), .. verdict.Base is null ? ["base: 0 or 1 (both use 1)"] : Array.Empty<string>()];
            throw new ConfigurationException($"{table.Path}: {samples.Count} images do not tell how the runs are written. Order: {Shown(verdict.Order, verdict.OrderBy)}. Base: {Shown(verdict.Base, verdict.BaseBy)}. "
                + $"Say {string.Join(" and ", say)}{(options.Reference.Length == 0 ? ", or name a folder of label images that some of the masks should agree with by reference" : string.Empty)}.");
        }

        var convention = new RleConvention(verdict.Order!.Value, verdict.Base!.Value, RleForm.StartLength);
        return new KnownConvention(convention, $"found in {samples.Count} images; order: {verdict.OrderBy}; base: {(options.GivenBase is null && origin == 0 ? "a run of the table starts at 0" : verdict.BaseBy)}", Sniffed: true);
    }

    /// <summary>The convention, where options say all of it.</summary>
    public static RleConvention? Given(RleCsvOptions options) => options is { GivenOrder: { } order, GivenBase: { } origin }
        ? new RleConvention(order, origin, options.Form switch { RunForm.Counts => RleForm.Counts, RunForm.CocoString => RleForm.CocoString, _ => RleForm.StartLength })
        : null;

    /// <summary>What speaks against a convention that options give; null where nothing does.</summary>
    public static string? Doubt(string root, RleTable table, FileTree names, RleCsvOptions options, RleConvention given)
    {
        if (options.Form != RunForm.StartLength)
        {
            return null;
        }

        try
        {
            var samples = Samples(root, table, names, options, orderIsOpen: true);
            var verdict = samples.Count > 0 ? RleDecision.Decide(samples, null, table.StartsAtZero() ? 0 : null) : null;
            return verdict?.Order is { } order && order != given.Order ? $"Order is given as {Word(given.Order)}, and the masks look as if it were {Word(order)}: {verdict.OrderBy}."
                : verdict?.Order == given.Order && verdict.Base is { } origin && origin != given.Base ? $"Base is given as {given.Base}, and the masks look as if it were {origin}: {verdict.BaseBy}."
                : null;
        }
        catch (MaskFormatException)
        {
            return null;                                            // a row that cannot be read is told by its own line
        }
    }

    private static string Word(ScanOrder order) => order == ScanOrder.Row ? "row" : "column";

    private static string Shown<T>(T? found, string by) where T : struct => found is null ? by : $"{found.ToString()!.ToLowerInvariant()} ({by})";

    private static List<RleSample> Samples(string root, RleTable table, FileTree names, RleCsvOptions options, bool orderIsOpen)
    {
        var found = table.Entries.Values.Where(e => e.Cells.Count > 0).Select(e => (Entry: e, Path: names.Find(e.Image, out _))).Where(e => e.Path is not null).Select(e => (e.Entry, Path: e.Path!)).ToList();
        var references = options.Reference.Length > 0 ? References(root, options) : [];
        var known = found.Where(e => references.ContainsKey(FileTree.StemOf(e.Path))).ToList();
        var samples = new List<RleSample>();
        var pixels = 0L;
        foreach (var (entry, path) in Spread(known.Count > 0 ? known : found, Images))
        {
            try
            {
                var file = ConfinedPath.Of(root, path);
                var frame = ImageFile.ReadFrame(file);
                pixels += frame.Area;
                if (pixels > MostPixels && samples.Count > 0)
                {
                    break;
                }

                samples.Add(new RleSample(frame, [.. entry.Cells.Select(table.TextOf)])
                {
                    Reference = references.TryGetValue(FileTree.StemOf(path), out var labels) ? Union(root, labels, frame) : null,
                    // Only a square image keeps the shape of a mask that is read in the other order; then its edges are asked.
                    Steepness = orderIsOpen && known.Count == 0 && frame.Height == frame.Width && samples.Count < PicturesLookedAt ? Steepness(ImageFile.ReadGray(file)) : null,
                });
            }
            catch (DataException)
            {
                // Convert reads it again and tells what is wrong.
            }
        }

        return samples;
    }

    private static IEnumerable<T> Spread<T>(List<T> all, int most) =>
        all.Count <= most ? all : Enumerable.Range(0, most).Select(i => all[(int)((long)i * all.Count / most)]);

    /// <summary>Label files by name without ending: in the folder itself, or in a folder a class.</summary>
    private static Dictionary<string, List<string>> References(string root, RleCsvOptions options)
    {
        var found = FileTree.Images(root, options.Reference, []).Paths.GroupBy(FileTree.StemOf, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
        return found.Count > 0 ? found : throw new ConfigurationException($"{root}: the folder '{options.Reference}' that reference names holds no label image.");
    }

    private static Mask Union(string root, List<string> labels, Frame frame)
    {
        var union = Mask.Empty(frame);
        foreach (var path in labels)
        {
            var image = ImageFile.ReadIndexed(ConfinedPath.Of(root, path));
            if (image.Frame != frame)
            {
                throw new ConfigurationException($"{path}: the reference is {image.Frame}, its image {frame}; they must agree.");
            }

            union = union.Union(image.BytesPerPixel == 1 ? Mask.FromDense(image.Bytes, frame) : Mask.FromDense([.. image.Pixels<ushort>().ToArray().Select(v => (byte)(v != 0 ? 1 : 0))], frame));
        }

        return union;
    }

    /// <summary>Difference to the neighbours, at most 255, of an image that is smoothed a little: a radiograph's noise is no edge.</summary>
    private static byte[] Steepness(Image image)
    {
        var (height, width) = (image.Frame.Height, image.Frame.Width);
        var smooth = new int[height * width];
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var sum = 0;
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        sum += Level(((y + dy) * width) + x + dx);
                    }
                }

                smooth[(y * width) + x] = sum;
            }
        }

        var steepness = new byte[smooth.Length];
        for (var y = 2; y < height - 2; y++)
        {
            for (var x = 2; x < width - 2; x++)
            {
                var at = (y * width) + x;
                steepness[at] = (byte)Math.Min(255, (Math.Abs(smooth[at + 1] - smooth[at - 1]) + Math.Abs(smooth[at + width] - smooth[at - width])) / 4);
            }
        }

        return steepness;

        int Level(int at) => image.BytesPerPixel == 1 ? image.Bytes[at] : image.Pixels<ushort>()[at] >> 8;
    }
}
