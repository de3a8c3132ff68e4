using System.Xml.Linq;
using Osteon.Testing;

namespace Osteon.Architecture.Tests;

/// <summary>A project file and what it names.</summary>
/// <param name="Path">Below the repository's root, '/' between folders.</param>
/// <param name="Document">Its XML.</param>
internal sealed record Project(string Path, XDocument Document)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => Path.Split('/')[0];

    /// <summary>Names of the projects it references; a glob gives its folder, e.g. plugins/*.</summary>
    public IReadOnlyList<string> References =>
    [
        .. Document.Descendants("ProjectReference").Select(reference => (string?)reference.Attribute("Include")).OfType<string>()
            .Where(include => !include.StartsWith("@(", StringComparison.Ordinal))
            .Select(include => System.IO.Path.GetFileNameWithoutExtension(include)),
    ];

    public override string ToString() => Path;
}

/// <summary>The repository's own files, as the rules of its architecture see them.</summary>
internal static class Repository
{
    private static readonly string[] Unwatched = [".git", "artifacts", ".osteon", "bin", "obj", "node_modules", "runs", "data", "__pycache__"];

    public static string Root => SharedData.RepositoryRoot;

    public static IReadOnlyList<string> Files { get; } = [.. Walk(new DirectoryInfo(Root)).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Project> Projects { get; } = [.. With(".csproj").Select(file => new Project(file, XDocument.Parse(Text(file))))];

    public static IEnumerable<string> With(params string[] extensions) => Files.Where(file => extensions.Contains(Path.GetExtension(file)));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static Project Project(string path) => Projects.Single(project => project.Path == path);

    private static IEnumerable<string> Walk(DirectoryInfo folder) => folder.EnumerateFiles().Select(file => file.FullName)
        .Concat(folder.EnumerateDirectories().Where(child => !Unwatched.Contains(child.Name) && child.LinkTarget is null).SelectMany(Walk));
}
