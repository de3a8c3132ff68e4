using System.Text;

namespace Osteon.Masks;

/// <summary>Which row of each member belongs to which row of the result.</summary>
internal sealed class RowJoin
{
    private const int Shown = 5;

    private readonly SubmissionTable[] _members;

    /// <summary>Row of member m for result row r at [r × members + m]; −1 where it has none.</summary>
    private readonly List<int> _rows;

    /// <summary>Built only for members whose rows are not in the first member's order.</summary>
    private readonly Lazy<SubmissionKeys>[] _keys;

    private RowJoin(SubmissionTable[] members)
    {
        _members = members;
        _keys = [.. members.Select(table => new Lazy<SubmissionKeys>(() => new SubmissionKeys(table)))];
        _rows = new List<int>(members[0].Lines.Count * members.Length);
    }

    /// <summary>Rows of the result.</summary>
    public int Count => _rows.Count / _members.Length;

    /// <summary>Absent rows, over all members.</summary>
    public int Missing { get; private set; }

    public int this[int row, int member] => _rows[(row * _members.Length) + member];

    /// <summary>Joins by image and class.</summary>
    /// <exception cref="MaskFormatException">A member has a row twice, or rows are missing and may not; the message lists the first of them.</exception>
    public static RowJoin Of(SubmissionTable[] members, OnMissing onMissing)
    {
        var join = new RowJoin(members);
        join.AddFirst();
        join.AddExtra();
        return join.Missing == 0 || onMissing == OnMissing.Empty ? join : throw new MaskFormatException(join.Difference());
    }

    /// <summary>The first member's rows. Members mostly share its order, so the row at the same place is tried before any search.</summary>
    private void AddFirst()
    {
        // A row twice is an error in every member; rows that are the first member's one by one are as distinct as its.
        _ = _keys[0].Value;
        for (var row = 0; row < _members[0].Lines.Count; row++)
        {
            for (var m = 0; m < _members.Length; m++)
            {
                var found = row < _members[m].Lines.Count && SubmissionKeys.Same(_members[0], row, _members[m], row)
                    ? row
                    : _keys[m].Value.Find(_members[0], row);
                _rows.Add(found);
                Missing += found < 0 ? 1 : 0;
            }
        }
    }

    /// <summary>Rows that the first member lacks.</summary>
    private void AddExtra()
    {
        for (var m = 1; m < _members.Length; m++)
        {
            var known = new HashSet<int>();
            for (var row = 0; row < Count; row++)
            {
                known.Add(this[row, m]);
            }

            for (var row = 0; row < _members[m].Lines.Count; row++)
            {
                if (known.Contains(row))
                {
                    continue;
                }

                _ = _keys[m].Value;
                for (var other = 0; other < _members.Length; other++)
                {
                    var found = other < m ? -1 : other == m ? row : _keys[other].Value.Find(_members[m], row);
                    _rows.Add(found);
                    Missing += found < 0 ? 1 : 0;
                }
            }
        }
    }

    private string Difference()
    {
        var text = new StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"The members do not predict the same rows; {_members[0].Path} has {_members[0].Lines.Count}.");
        for (var m = 0; m < _members.Length; m++)
        {
            var absent = Enumerable.Range(0, Count).Where(row => this[row, m] < 0).ToList();
            if (absent.Count > 0)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n  {_members[m].Path} lacks {absent.Count}: {string.Join("; ", absent.Take(Shown).Select(Name))}{(absent.Count > Shown ? "; …" : "")}");
            }
        }

        return text.Append("\nPredict them again, or set on_missing: empty to count an absent row as an empty mask.").ToString();
    }

    private string Name(int row)
    {
        var m = Enumerable.Range(0, _members.Length).First(m => this[row, m] >= 0);
        var line = _members[m].Lines[this[row, m]];
        return $"{_members[m].Text(line.Image)}, {_members[m].Text(line.Class)}";
    }
}
