namespace Osteon.Architecture.Tests;

/// <summary>A rule names all that break it, not the first.</summary>
internal static class Offenders
{
    public static void None(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders];
        Assert.True(all.Length == 0, string.Join(Environment.NewLine, all));
    }
}
