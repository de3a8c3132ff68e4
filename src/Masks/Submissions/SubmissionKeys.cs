namespace Osteon.Masks;

/// <summary>Finds a table's rows by image and class as they are, never by a joined string: names may hold any separator.</summary>
internal sealed class SubmissionKeys : IEqualityComparer<(SubmissionTable Table, int Row)>
{
    private readonly Dictionary<(SubmissionTable Table, int Row), int> _rows;

    /// <summary>Indexes a table.</summary>
    /// <exception cref="MaskFormatException">Two rows have one key.</exception>
    public SubmissionKeys(SubmissionTable table)
    {
        _rows = new Dictionary<(SubmissionTable, int), int>(table.Lines.Count, this);
        for (var i = 0; i < table.Lines.Count; i++)
        {
            if (!_rows.TryAdd((table, i), i))
            {
                throw table.Fault(table.Lines[i], $"the row was there already, on line {table.Lines[_rows[(table, i)]].Line}; one row an image and class");
            }
        }
    }

    /// <summary>This table's row with another table's key, or −1.</summary>
    public int Find(SubmissionTable table, int row) => _rows.GetValueOrDefault((table, row), -1);

    /// <summary>Whether two rows have one key.</summary>
    public static bool Same(SubmissionTable a, int i, SubmissionTable b, int j)
    {
        var (x, y) = (a.Lines[i], b.Lines[j]);
        return a[x.Image].SequenceEqual(b[y.Image]) && a[x.Class].SequenceEqual(b[y.Class]);
    }

    /// <inheritdoc/>
    public bool Equals((SubmissionTable Table, int Row) x, (SubmissionTable Table, int Row) y) => Same(x.Table, x.Row, y.Table, y.Row);

    /// <inheritdoc/>
    public int GetHashCode((SubmissionTable Table, int Row) obj)
    {
        var line = obj.Table.Lines[obj.Row];
        var hash = default(HashCode);
        hash.AddBytes(obj.Table[line.Image]);
        hash.AddBytes(obj.Table[line.Class]);
        return hash.ToHashCode();
    }
}
