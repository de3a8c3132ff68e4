using System.Buffers;
using System.Runtime.ExceptionServices;

namespace Osteon.Masks;

/// <summary>
/// Lets predictions vote pixel by pixel, in run space: nothing is rasterised, no frame is needed, and the cost is that of
/// reading the files.
/// </summary>
public static class HardVote
{
    /// <summary>The most members, so that a thread's stack holds what it needs of them.</summary>
    public const int MaxMembers = 1024;

    /// <summary>Rows a thread takes at a time: enough to make taking them free, few enough to keep threads even.</summary>
    private const int Block = 64;

    /// <summary>Pixels that at least so many masks set.</summary>
    /// <param name="masks">At least one, all of one frame.</param>
    /// <param name="minVotes">1 (union) to their number (intersection); 0 is more than half.</param>
    /// <exception cref="ArgumentException">The frames differ, or there is no mask.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minVotes"/> is negative or above the number of masks.</exception>
    public static Mask Vote(ReadOnlySpan<Mask> masks, int minVotes) => VoteSweep.Vote(masks, Demanded(minVotes, masks.Length));

    /// <summary>Pixels whose members count enough together.</summary>
    /// <param name="masks">At least one, all of one frame.</param>
    /// <param name="weights">As many as masks, with the rule.</param>
    /// <exception cref="ArgumentException">The frames differ, or the numbers do.</exception>
    public static Mask Vote(ReadOnlySpan<Mask> masks, VoteWeights weights) => WeightedSweep.Vote(masks, weights);

    /// <summary>The votes a pixel needs: <paramref name="minVotes"/> itself, or for 0 the least that is more than half.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="minVotes"/> is negative or above the number of members, or those are too many.</exception>
    public static int Demanded(int minVotes, int members) => members > MaxMembers
        ? throw new ArgumentOutOfRangeException(nameof(members), members, $"A vote has at most {MaxMembers} members.")
        : minVotes < 0 || minVotes > members
        ? throw new ArgumentOutOfRangeException(nameof(minVotes), minVotes, $"min_votes must be 1 to {members}, the number of members, or 0 for more than half of them.")
        : minVotes == 0 ? (members / 2) + 1 : minVotes;

    /// <summary>Votes whole submission files into one.</summary>
    /// <param name="members">Submission files, at least one.</param>
    /// <param name="output">Receives the result from its position on, rows in the first member's order; not closed. Give it a stream that only takes its name when it is whole.</param>
    /// <param name="options">The rule.</param>
    /// <param name="cancellation">Stops between blocks of rows.</param>
    /// <exception cref="MaskFormatException">A member is no submission, or its rows are not the others'; the message names file, line and rows.</exception>
    /// <exception cref="IOException">A file cannot be read, or the output not written.</exception>
    public static HardVoteReport Run(IReadOnlyList<string> members, Stream output, HardVoteOptions options, CancellationToken cancellation = default)
    {
        if (members.Count == 0)
        {
            throw new ArgumentException("A vote needs at least one member.", nameof(members));
        }

        if (options.Convention.Form != RleForm.StartLength)
        {
            throw new ArgumentException("Submission files hold start and length, not counts.", nameof(options));
        }

        if (options.Weights is { } weights && weights.Count != members.Count)
        {
            throw new ArgumentException($"{members.Count} members and {weights.Count} weights.", nameof(options));
        }

        var minVotes = Demanded(options.Weights is null ? options.MinVotes : 0, members.Count);
        var tables = new SubmissionTable?[members.Count];
        try
        {
            Each(members.Count, options.Threads, m => tables[m] = SubmissionTable.Open(members[m]), cancellation);
            var join = RowJoin.Of(tables!, options.OnMissing);
            output.Write(SubmissionTable.Header);
            output.Write("\n"u8);
            Vote(tables!, join, minVotes, options, output, cancellation);
            return new HardVoteReport(members.Count, minVotes, join.Count, join.Missing);
        }
        finally
        {
            foreach (var table in tables)
            {
                table?.Dispose();
            }
        }
    }

    private static void Vote(SubmissionTable[] tables, RowJoin join, int minVotes, HardVoteOptions options, Stream output, CancellationToken cancellation)
    {
        var blocks = (join.Count + Block - 1) / Block;
        var results = new ArrayBufferWriter<byte>?[blocks];
        var spare = new Stack<ArrayBufferWriter<byte>>();
        var written = 0;
        using var rows = new ThreadLocal<RowVote>(() => new RowVote(tables, minVotes, options.Weights, options.Convention), trackAllValues: true);
        try
        {
            Each(blocks, options.Threads, block =>
            {
                ArrayBufferWriter<byte>? buffer;
                lock (spare)
                {
                    buffer = spare.TryPop(out var used) ? used : new ArrayBufferWriter<byte>(1 << 18);
                }

                for (var row = block * Block; row < Math.Min(join.Count, (block + 1) * Block); row++)
                {
                    rows.Value!.Write(join, row, buffer);
                }

                // Whoever finishes the block that is due writes it and all that wait behind it.
                lock (spare)
                {
                    for (results[block] = buffer; written < blocks && results[written] is { } due; written++)
                    {
                        output.Write(due.WrittenSpan);
                        due.ResetWrittenCount();
                        spare.Push(due);
                        results[written] = null;
                    }
                }
            }, cancellation);
        }
        finally
        {
            foreach (var row in rows.Values)
            {
                row.Dispose();
            }
        }
    }

    /// <summary>Runs numbered work on some threads, in ascending order; of several faults the lowest number's is thrown, whatever the threads.</summary>
    private static void Each(int count, int threads, Action<int> work, CancellationToken cancellation)
    {
        var (next, fault, faultAt) = (-1, (Exception?)null, int.MaxValue);
        var gate = new Lock();
        Parallel.For(0, Math.Clamp(Math.Min(threads, count), 1, 64), new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref fault) is null; i = Interlocked.Increment(ref next))
            {
                try
                {
                    cancellation.ThrowIfCancellationRequested();
                    work(i);
                }
#pragma warning disable CA1031 // Rethrown below, once all threads have stopped.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    lock (gate)
                    {
                        (fault, faultAt) = i < faultAt ? (e, i) : (fault, faultAt);
                    }
                }
            }
        });
        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }
}
