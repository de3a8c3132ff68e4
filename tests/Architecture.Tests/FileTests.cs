using System.Text.RegularExpressions;

namespace Osteon.Architecture.Tests;

/// <summary>Rules on every file.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 450;

    public static TheoryData<string> Projects => [.. Repository.Projects.Select(project => project.Path)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Package_versions_stand_only_in_Directory_Packages_props(string project) =>
        Assert.DoesNotContain(Repository.Project(project).Document.Descendants("PackageReference"),
            package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null);

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine() =>
        Offenders.None(Repository.With(".cs", ".csproj", ".props", ".targets", ".json", ".yaml", ".yml", ".md", ".sh", ".py", ".cpp", ".h", ".txt", ".cake", ".config")
            .Where(file => MachinePath().IsMatch(Repository.Text(file))));

    [Fact]
    public void Source_files_are_read_in_a_sitting() =>
        Offenders.None(Repository.With(".cs", ".cpp", ".h").Where(file => Repository.Text(file).Count(c => c == '\n') > MostLines));

    [Fact]
    public void No_class_is_named_after_nothing() =>
        Offenders.None(Repository.With(".cs").SelectMany(file => EmptyName().Matches(Repository.Text(file)).Select(match => $"{file}: {match.Value}")));

    [Fact]
    public void No_source_is_left_unfinished() =>
        Offenders.None(Repository.With(".cs", ".cpp", ".h").Where(file => !file.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal))
            .Where(file => Unfinished().IsMatch(Repository.Text(file))));

    // In two parts, so that this file passes its own rule.
    [GeneratedRegex("(?<![\\w.$}/~-])/" + "(home|root|work|Users)/[A-Za-z0-9]")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(class|record|struct|interface) \w*(Utils|Utilities|Helper|Helpers|Manager)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b|NotImplemented" + "Exception")]
    private static partial Regex Unfinished();
}
