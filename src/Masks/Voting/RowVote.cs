using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Osteon.Masks;

/// <summary>One thread's memory for voting rows: each member's boundaries and the result's, as large as the longest rows need.</summary>
internal sealed unsafe class RowVote : IDisposable
{
    private readonly SubmissionTable[] _members;
    private readonly int _minVotes;
    private readonly VoteWeights? _weights;
    private readonly RleConvention _convention;
    private readonly int*[] _boundaries;
    private readonly int* _result;

    public RowVote(SubmissionTable[] members, int minVotes, VoteWeights? weights, RleConvention convention)
    {
        _members = members;
        _minVotes = minVotes;
        _weights = weights;
        _convention = convention;
        _boundaries = new int*[members.Length];
        var total = (long)AgreeingRuns.Slack;
        for (var m = 0; m < members.Length; m++)
        {
            var longest = 0;
            foreach (var line in CollectionsMarshal.AsSpan(members[m].Lines))
            {
                longest = Math.Max(longest, line.Rle.Length);
            }

            // Two more for the marks at the end. Pages that no row reaches are never touched.
            var room = StartLength.Room(longest) + 2L + AgreeingRuns.Slack;
            total += room;
            _boundaries[m] = (int*)NativeMemory.Alloc((nuint)room, sizeof(int));
        }

        _result = (int*)NativeMemory.Alloc((nuint)total, sizeof(int));
    }

    ~RowVote() => Free();

    /// <summary>Votes one row and writes its line.</summary>
    public void Write(RowJoin join, int row, IBufferWriter<byte> output)
    {
        var heads = stackalloc int*[_members.Length];
        SubmissionTable? namer = null;
        SubmissionLine name = default;
        for (var m = 0; m < _members.Length; m++)
        {
            var count = 0;
            if (join[row, m] is >= 0 and var at)
            {
                var table = _members[m];
                var line = table.Lines[at];
                (namer, name) = namer is null ? (table, line) : (namer, name);
                count = Read(table, line, _boundaries[m]);
            }

            heads[m] = _boundaries[m];
            heads[m][count] = VoteSweep.End;
            heads[m][count + 1] = VoteSweep.End;
        }

        SubmissionWriter.WriteName(namer![name.Image], output);
        SubmissionWriter.WriteName(namer[name.Class], output);
        var voted = _weights is null ? VoteSweep.Sweep(heads, _members.Length, _minVotes, _result) : WeightedSweep.Sweep(heads, _weights, _result);
        if (voted == 0)
        {
            Encoding.ASCII.GetBytes(_convention.EmptyText, output);
        }

        StartLength.Write(new ReadOnlySpan<int>(_result, voted), output);
        output.Write("\n"u8);
    }

    private int Read(SubmissionTable table, in SubmissionLine line, int* boundaries)
    {
        if (table.IsBlank(line.Rle) || Ascii.Equals(table[line.Rle], _convention.EmptyText))
        {
            return 0;
        }

        try
        {
            var text = table.Locate(line.Rle, out var readable);
            return StartLength.Read(text, line.Rle.Length, readable, _convention.Base, int.MaxValue, boundaries);
        }
        catch (MaskFormatException fault)
        {
            throw table.Fault(line, fault.Message, fault);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_result);
        foreach (var boundaries in _boundaries)
        {
            NativeMemory.Free(boundaries);
        }
    }
}
