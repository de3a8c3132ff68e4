using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Osteon.Build;

/// <summary>What a test project said.</summary>
/// <param name="Project">Its name.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failures">A line or more for each test that failed.</param>
/// <param name="Skips">The reason of each test that was skipped.</param>
public sealed record TestResult(string Project, int Passed, IReadOnlyList<string> Failures, IReadOnlyList<string> Skips)
{
    /// <summary>Reads the XML that an xunit executable writes with -xml.</summary>
    /// <param name="project">Its name.</param>
    /// <param name="file">The XML; a project that ended before it was written counts as one failure.</param>
    /// <param name="exitCode">The project's.</param>
    /// <param name="output">What it printed, told when there is no result.</param>
    public static TestResult Read(string project, string file, int exitCode, string output)
    {
        if (Load(file) is not { } document)
        {
            return new TestResult(project, 0, [$"{project} ended with exit code {exitCode} and no result:{Environment.NewLine}{Tail(output)}"], []);
        }

        var tests = document.Descendants("test").ToLookup(test => (string?)test.Attribute("result"));
        List<string> failures = [.. tests["Fail"].Select(Failure), .. document.Descendants("error").Select(Error)];
        if (exitCode != 0 && failures.Count == 0)
        {
            failures.Add($"{project} ended with exit code {exitCode} though no test failed:{Environment.NewLine}{Tail(output)}");
        }

        return new TestResult(project, tests["Pass"].Count(), failures, [.. tests["Skip"].Select(test => test.Element("reason")?.Value ?? "no reason given")]);
    }

    /// <summary>The sum of several, as people and scripts read it.</summary>
    public static string Summary(IReadOnlyCollection<TestResult> results) => string.Create(CultureInfo.InvariantCulture,
        $"{results.Sum(r => r.Passed)} passed, {results.Sum(r => r.Failures.Count)} failed, {results.Sum(r => r.Skips.Count)} skipped");

    private static XDocument? Load(string file)
    {
        try
        {
            return XDocument.Load(file);
        }
        catch (Exception e) when (e is IOException or XmlException)
        {
            return null;
        }
    }

    private static string Failure(XElement test) => string.Join(Environment.NewLine,
        test.Attribute("name")?.Value, test.Element("failure")?.Element("message")?.Value, test.Element("failure")?.Element("stack-trace")?.Value);

    private static string Error(XElement error) => string.Join(Environment.NewLine,
        $"{error.Attribute("type")?.Value} {error.Attribute("name")?.Value}", error.Element("failure")?.Element("message")?.Value);

    private static string Tail(string output) => output.Length <= 4000 ? output : "… " + output[^4000..];
}
