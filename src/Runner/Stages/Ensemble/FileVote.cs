using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>A hard vote over submission files, whoever made them: no experiment, no images, no frames.</summary>
public sealed record FileVote
{
    /// <summary>Full paths, two or more.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>What a pixel's files must count together; 0: more than half of all.</summary>
    public int MinVotes { get; init; }

    /// <summary>One a file; null: 1 each.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>With <see cref="MinVotes"/> 0: exactly half suffices.</summary>
    public bool TiesSet { get; init; }

    /// <summary>A row that some files lack.</summary>
    public OnMissing OnMissing { get; init; }

    /// <exception cref="ConfigurationException">Lists every fault.</exception>
    public void Check()
    {
        var total = Weights?.Sum() ?? Files.Count;
        var twice = Files.GroupBy(f => f, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        string[] faults =
        [
            .. Files.Where(f => !File.Exists(f)).Select(f => $"--csv={f}: there is no such file."),
            .. Files.Count < 2 ? [$"--csv names {Files.Count} file; a vote needs two or more: --csv=a.csv --csv=b.csv."] : Array.Empty<string>(),
            .. twice is null ? Array.Empty<string>() : [$"--csv={twice} is given twice; give it a weight by --member-weights instead."],
            .. Files.Contains(Output) ? [$"--output={Output} is one of the files to vote on."] : Array.Empty<string>(),
            .. Weights is { } w && w.Count != Files.Count ? [$"--member-weights has {w.Count} numbers, and there are {Files.Count} files; expected one for each, in their order."] : Array.Empty<string>(),
            .. Weights is not null && total == 0 ? ["--member-weights are all 0; give one file a weight above 0."] : Array.Empty<string>(),
            .. MinVotes > total ? [$"--min-votes={MinVotes}: expected 1 to {total.ToString(CultureInfo.InvariantCulture)}, {(Weights is null ? "the number of files" : "all weights together")}."] : Array.Empty<string>(),
            .. TiesSet && MinVotes > 0 ? ["--ties=set has a meaning only without --min-votes."] : Array.Empty<string>(),
        ];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    /// <summary>Votes.</summary>
    /// <returns>What was done, a line each.</returns>
    /// <exception cref="ConfigurationException">A file is no submission, or its rows are not the others'.</exception>
    public IReadOnlyList<string> Run(CancellationToken cancellation)
    {
        var weights = Weights is null && !TiesSet ? null : VoteWeights.Of(Weights ?? [.. Files.Select(_ => 1.0)], MinVotes, TiesSet);
        HardVoteReport? report = null;
        try
        {
            AtomicFile.Write(Output, stream => report = HardVote.Run(Files, stream, new HardVoteOptions { MinVotes = MinVotes, Weights = weights, OnMissing = OnMissing }, cancellation));
        }
        catch (MaskFormatException e)
        {
            throw new ConfigurationException(e.Message.Replace("set on_missing: empty", "add --on-missing=empty", StringComparison.Ordinal), e);
        }

        var even = MinVotes == 0 && Files.Count % 2 == 0 && Weights is null;
        var needed = weights?.Needed ?? report!.MinVotes;
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{report!.Members} files, {report.Rows} rows: a pixel is set from {needed:0.######} of {weights?.Total ?? report.Members:0.######} {(Weights is null ? "votes" : "votes by weight")} on{(even ? TiesSet ? "; a tie is set" : "; a tie is not" : "")}"),
            .. report.Filled > 0 ? [$"{report.Filled} rows were missing and counted as empty masks"] : Array.Empty<string>(),
        ];
    }
}
