using Cake.Core;

namespace Osteon.Build.Tests;

/// <summary>A command line as Cake hands it over: "--set=a=1" under "set"; a bare "--force" holds an empty value.</summary>
internal static class Arguments
{
    public static readonly string[] Tasks = ["Default", "Convert", "Train", "Report", "Test"];

    public static readonly string[] Stages = ["Convert", "Train", "Report"];

    public static CommandLine Read(params string[] arguments) => new(
        new CakeArguments(arguments.Select(argument => argument.TrimStart('-').Split('=', 2)).ToLookup(pair => pair[0], pair => pair.Length > 1 ? pair[1] : string.Empty)),
        Tasks,
        Stages);

    /// <summary>The lines with which a command line is refused, with exit code 2.</summary>
    public static string[] Refused(params string[] arguments)
    {
        var refusal = Assert.Throws<CakeException>(() => Read(arguments));
        Assert.Equal(2, refusal.ExitCode);
        return refusal.Message.Split(Environment.NewLine);
    }
}
