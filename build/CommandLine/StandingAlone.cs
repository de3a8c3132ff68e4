namespace Osteon.Build;

/// <summary>Targets that need no experiment when they are given files: what they otherwise depend on has no part in it.</summary>
public static class StandingAlone
{
    private const string Files = "--csv", Exclusive = "--exclusive";

    /// <summary>The command line as Cake is to read it.</summary>
    /// <param name="arguments">As they were typed. Words behind --csv are files, as many as there are.</param>
    /// <returns>With --csv before each file, and --exclusive where files stand for an experiment.</returns>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> arguments)
    {
        var read = new List<string>(arguments.Count + 1);
        var inFiles = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var isOption = argument.StartsWith('-');
            if (inFiles && !isOption && arguments[i - 1] != Files)
            {
                read.Add(Files);
            }

            inFiles = isOption ? argument == Files : inFiles;
            read.Add(argument);
        }

        if (read.Any(a => a == Files || a.StartsWith(Files + "=", StringComparison.Ordinal) || IsInput(a)) && !read.Contains(Exclusive) && IsOfStage(read))
        {
            read.Add(Exclusive);
        }

        return read;
    }

    private static bool IsInput(string argument) => argument == "--input" || argument.StartsWith("--input=", StringComparison.Ordinal);

    // Others that take --input depend on nothing anyway.
    private static bool IsOfStage(List<string> arguments) => !arguments.Any(a => a.EndsWith("Deidentify", StringComparison.OrdinalIgnoreCase));
}
