namespace Osteon.Masks;

/// <summary>One prediction: an image's file name without folders, a class, its pixels.</summary>
public sealed record SubmissionRow(string Image, string Class, Mask Mask);

/// <summary>
/// Reads submission files: UTF-8, header <c>image_name,class,rle</c>, one row an image and class. A byte-order mark, CRLF,
/// quoted fields and blank lines are tolerated; an empty field and NaN are an empty mask.
/// </summary>
public static class SubmissionReader
{
    /// <summary>Reads a file whose images all have one frame.</summary>
    /// <exception cref="MaskFormatException">A row is broken or there twice; the message begins with file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<SubmissionRow> Read(string path, Frame frame, RleConvention? convention = null) =>
        Read(path, _ => frame, convention ?? RleConvention.HandBone);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frames">Each image's frame, by its file name without folders.</param>
    /// <param name="convention">How the masks are written; by default as hand-bone submissions are.</param>
    /// <exception cref="MaskFormatException">A row is broken, there twice, or of an image without a frame; the message begins with file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<SubmissionRow> Read(string path, IReadOnlyDictionary<string, Frame> frames, RleConvention? convention = null) =>
        Read(path, image => frames.TryGetValue(image, out var frame) ? frame : null, convention ?? RleConvention.HandBone);

    private static SubmissionRow[] Read(string path, Func<string, Frame?> frameOf, RleConvention convention)
    {
        using var table = SubmissionTable.Open(path);
        _ = new SubmissionKeys(table);
        var rows = new SubmissionRow[table.Lines.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var line = table.Lines[i];
            var image = table.Text(line.Image);
            var frame = frameOf(image) ?? throw table.Fault(line, "the data set has no such image");
            try
            {
                var mask = table.IsBlank(line.Rle) ? Mask.Empty(frame) : Rle.Decode(table[line.Rle], convention, frame);
                rows[i] = new SubmissionRow(image, table.Text(line.Class), mask);
            }
            catch (MaskFormatException fault)
            {
                throw table.Fault(line, fault.Message, fault);
            }
        }

        return rows;
    }
}
