namespace Osteon.Masks;

/// <summary>A submission of which masks are asked for image by image: the text is in memory, and of its masks those that were asked for.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class SubmissionIndex : IDisposable
{
    private readonly SubmissionTable _table;
    private readonly Dictionary<string, List<int>> _rows = new(StringComparer.Ordinal);
    private readonly RleConvention _convention;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="convention">How masks are written; by default as hand-bone submissions are.</param>
    /// <exception cref="MaskFormatException">A row is broken or there twice; the message begins with file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SubmissionIndex(string path, RleConvention? convention = null)
    {
        _convention = convention ?? RleConvention.HandBone;
        _table = SubmissionTable.Open(path);
        _ = new SubmissionKeys(_table);
        for (var row = 0; row < _table.Lines.Count; row++)
        {
            var image = _table.Text(_table.Lines[row].Image);
            if (!_rows.TryGetValue(image, out var rows))
            {
                _rows[image] = rows = [];
            }

            rows.Add(row);
        }
    }

    /// <summary>Names of its images, in the file's order.</summary>
    public IReadOnlyCollection<string> Images => _rows.Keys;

    /// <summary>An image's masks, one a class; a row that is not there is an empty mask.</summary>
    /// <param name="image">Its file name.</param>
    /// <param name="classes">Channel order.</param>
    /// <param name="frame">The image's.</param>
    /// <exception cref="MaskFormatException">A mask is broken, or of no such class.</exception>
    public Mask[] Masks(string image, IReadOnlyList<string> classes, Frame frame)
    {
        Mask[] masks = [.. classes.Select(_ => Mask.Empty(frame))];
        foreach (var row in _rows.GetValueOrDefault(image) ?? [])
        {
            var line = _table.Lines[row];
            var name = _table.Text(line.Class);
            var k = Enumerable.Range(0, classes.Count).FirstOrDefault(i => classes[i] == name, -1);
            if (k < 0)
            {
                throw _table.Fault(line, $"there is no such class; classes: {string.Join(", ", classes)}");
            }

            try
            {
                masks[k] = _table.IsBlank(line.Rle) ? masks[k] : Rle.Decode(_table[line.Rle], _convention, frame);
            }
            catch (MaskFormatException fault)
            {
                throw _table.Fault(line, fault.Message, fault);
            }
        }

        return masks;
    }

    /// <inheritdoc/>
    public void Dispose() => _table.Dispose();
}
