using System.Text.RegularExpressions;

namespace Osteon.Abstractions;

/// <summary>
/// A file system that refuses: no right to a place, no such place, no room left. The user can mend it, so whoever reports errors tells it as a
/// line and no stack trace. Other faults of files (one that is gone, a stream used when it was closed) are the program's and stay what they are.
/// </summary>
public static partial class StorageFault
{
    // Linux's numbers, which .NET hands on as HRESULT where it has no exception of its own.
    internal const int NotFolder = 20;
    private const int NotPermitted = 1, Hardware = 5, Denied = 13, Exists = 17, IsFolder = 21, TooManyOpen = 24, TooLarge = 27, NoRoom = 28, ReadOnly = 30, TooLong = 36, Loop = 40, Stale = 116, Quota = 122;
    private const int WindowsHandleFull = 39, WindowsFull = 112;

    /// <summary>The refusal behind an exception, as the user is to read it; null where the file system has no part in it, or only in some of several faults.</summary>
    /// <param name="exception">As it was caught; what caused it is looked at too. Of several refusals, as of threads on one full disk, the first is told.</param>
    public static ConfigurationException? Of(Exception exception)
    {
        if (exception is AggregateException several)
        {
            var all = several.Flatten().InnerExceptions.Select(Of).ToArray();
            return all.Length > 0 && all.All(one => one is not null) ? all[0] : null;
        }

        return Causes(exception).TakeWhile(cause => cause is not ConfigurationException).Select(Line).FirstOrDefault(line => line is not null) is { } told ? new ConfigurationException(told, exception) : null;
    }

    /// <summary>True of what only writing can meet: no room, or a disk that takes nothing.</summary>
    internal static bool IsOfWriting(Exception exception) => Number(exception) is NoRoom or Quota or TooLarge or ReadOnly;

    /// <summary>Why something could not be made or written, and what to do.</summary>
    internal static string Reason(Exception exception) => exception switch
    {
        _ when Number(exception) is { } number && Sentence(number) is { } sentence => sentence,
        FileNotFoundException or DirectoryNotFoundException => "nothing can be made there. Name another place.",    // as /proc answers
        _ => exception.Message,
    };

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
        }
    }

    private static string? Line(Exception cause) =>
        cause is OutputException ? cause.Message
        : Number(cause) is { } number and not Exists && Sentence(number) is { } sentence ? $"{PathIn(cause.Message) ?? cause.Message}: {sentence}"
        : null;

    private static string? Sentence(int number) => number switch
    {
        NotPermitted or Denied => "this user may not write it, or not even read it. Change its rights or its owner, or name another place.",
        ReadOnly => "the file system is read-only. Name another place.",
        NoRoom => "the disk is full. Make room on it, or name another place.",
        Quota => "this user's share of the disk is used up. Make room in it, or name another place.",
        TooLarge => "the file would be larger than this process (ulimit -f) or the file system allows.",
        Exists or NotFolder => "a file stands where a folder is needed. Move it away, or name another place.",
        IsFolder => "a folder stands where a file is needed. Move it away, or name another place.",
        TooLong => "the name is too long for the file system. Name a shorter one.",
        Loop => "symbolic links lead in a circle.",
        TooManyOpen => "too many files are open. Raise the limit (ulimit -n), or lower --jobs.",
        Hardware => "the disk reports an error of its own (I/O). The system's log tells more.",
        Stale => "the network's file system lost it. Mount it again.",
        _ => null,
    };

    private static int? Number(Exception exception) => exception switch
    {
        OutputException { InnerException: { } inner } => Number(inner),
        UnauthorizedAccessException { InnerException: IOException { HResult: > 0 } inner } => inner.HResult,
        UnauthorizedAccessException => Denied,
        PathTooLongException => TooLong,

        // How .NET tells a file beyond the limit of its size.
        ArgumentOutOfRangeException { ParamName: "value", StackTrace: { } trace } => trace.Contains("System.IO.RandomAccess", StringComparison.Ordinal) || trace.Contains("System.IO.Strategies", StringComparison.Ordinal) ? TooLarge : null,
        IOException when OperatingSystem.IsWindows() => (exception.HResult & 0xFFFF) is WindowsFull or WindowsHandleFull ? NoRoom : null,
        IOException { HResult: > 0 } => exception.HResult,
        _ => null,
    };

    private static string? PathIn(string message) => Quoted().Match(message) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("'(.+)'", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
