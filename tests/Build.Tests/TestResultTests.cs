namespace Osteon.Build.Tests;

public sealed class TestResultTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Counts_what_xunit_wrote()
    {
        File.WriteAllText(_file, """
            <assemblies><assembly><collection>
              <test name="A.B" result="Pass" /><test name="A.C" result="Pass" />
              <test name="A.D" result="Fail"><failure><message>expected 1</message><stack-trace>at D</stack-trace></failure></test>
              <test name="A.E" result="Skip"><reason>needs data</reason></test>
            </collection></assembly></assemblies>
            """);
        var result = TestResult.Read("A.Tests", _file, 1, "");
        Assert.Equal("2 passed, 1 failed, 1 skipped", TestResult.Summary([result]));
        Assert.Equal(string.Join(Environment.NewLine, "A.D", "expected 1", "at D"), Assert.Single(result.Failures));
        Assert.Equal(["needs data"], result.Skips);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<assemblies><assembly>")]
    public void Counts_a_project_that_died_as_a_failure(string xml)
    {
        File.WriteAllText(_file, xml);
        var failure = Assert.Single(TestResult.Read("A.Tests", _file, 139, "Segmentation fault").Failures);
        Assert.Contains("139", failure, StringComparison.Ordinal);
        Assert.Contains("Segmentation fault", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_a_bad_exit_code_without_a_failed_test_as_a_failure()
    {
        File.WriteAllText(_file, """<assemblies><assembly><test name="A.B" result="Pass" /></assembly></assemblies>""");
        Assert.Equal("1 passed, 1 failed, 0 skipped", TestResult.Summary([TestResult.Read("A.Tests", _file, 134, "Aborted")]));
    }

    [Fact]
    public void Counts_an_error_outside_any_test_as_a_failure()
    {
        File.WriteAllText(_file, """<assemblies><assembly><errors><error type="assembly-cleanup" name="X"><failure><message>gone</message></failure></error></errors></assembly></assemblies>""");
        Assert.Contains("gone", Assert.Single(TestResult.Read("A.Tests", _file, 1, "").Failures), StringComparison.Ordinal);
    }
}
