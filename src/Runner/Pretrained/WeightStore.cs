using System.Security.Cryptography;
using Osteon.Abstractions;
using Osteon.Models;

namespace Osteon.Runner;

/// <summary>Files of published weights on this machine: <c>FOLDER/ID/FILE</c>, and beside each <c>FILE.sha256</c>, which <c>sha256sum -c</c> reads too.</summary>
/// <param name="folder">The store; several projects may share one.</param>
public sealed class WeightStore(string folder)
{
    /// <summary>The environment variable that names another folder than .osteon/weights.</summary>
    public const string Variable = "OSTEON_WEIGHTS";

    /// <summary>The store.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The store of a project: what the environment names, or its own.</summary>
    /// <param name="root">The project's root.</param>
    /// <param name="chosen">A folder, absolute or relative to the root; null or empty for the project's own.</param>
    public static WeightStore Of(string root, string? chosen) =>
        new(string.IsNullOrWhiteSpace(chosen) ? Path.Combine(root, ".osteon", "weights") : Path.GetFullPath(chosen, root));

    /// <summary>Where a set's file belongs, whether it is there or not.</summary>
    public string PathOf(PublishedWeights set) => Path.Combine(Folder, set.Id, set.File);

    /// <summary>Whether a set's file is there.</summary>
    public bool Has(PublishedWeights set) => File.Exists(PathOf(set));

    /// <summary>Where a set's file is.</summary>
    /// <exception cref="ConfigurationException">It is not there; the message says how to bring it, with a network and without.</exception>
    public string Require(PublishedWeights set)
    {
        var command = $"dotnet cake --target=Weights --encoder={set.Encoder} --weights={set.Names[0]}";
        return Has(set) ? PathOf(set) : throw new ConfigurationException(
            $"weights '{set.Names[0]}' of {set.Encoder} are not on this machine: there is no {PathOf(set)}. '{command}' fetches them. Without a network, bring {set.Url} from elsewhere and put it there, or say '{command} --import=FILE'.");
    }

    /// <summary>Every file in the store that a table lists.</summary>
    public IEnumerable<PublishedWeights> Present(WeightCatalog catalog) => catalog.All.Where(Has).DistinctBy(PathOf);

    /// <summary>Reads a file anew and compares it with what was noted when it came, and with what its publisher says.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Verify(PublishedWeights set)
    {
        var path = PathOf(set);
        var found = HashOf(path);
        if (!Fits(set, found))
        {
            return $"{path} is not what {set.Id} publishes: its SHA-256 is {found}, expected {set.Sha256}{(set.Sha256!.Length < 64 ? "…" : "")}. Delete it and fetch it again.";
        }

        var noted = File.Exists(Note(path)) ? File.ReadAllText(Note(path)).Split(' ')[0] : null;
        if (noted is null)
        {
            WriteNote(path, found);                                 // put there by hand
        }

        return noted is null || noted == found ? null : $"{path} has changed since it came: its SHA-256 is {found}, it was {noted}. Delete it and fetch it again.";
    }

    /// <summary>Moves a whole file into its place.</summary>
    /// <param name="set">What it is.</param>
    /// <param name="file">On the same file system; gone afterwards.</param>
    /// <param name="sha256">Its digest.</param>
    internal void Put(PublishedWeights set, string file, string sha256)
    {
        var path = PathOf(set);
        WriteNote(path, sha256);
        File.Move(file, path, overwrite: true);
    }

    /// <summary>Whether a digest is the one that the publisher tells, as far as it tells.</summary>
    internal static bool Fits(PublishedWeights set, string sha256) => set.Sha256 is null || sha256.StartsWith(set.Sha256, StringComparison.Ordinal);

    /// <summary>SHA-256 of a file.</summary>
    internal static string HashOf(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string Note(string path) => $"{path}.sha256";

    private static void WriteNote(string path, string sha256) => AtomicFile.WriteAllText(Note(path), $"{sha256}  {Path.GetFileName(path)}\n");
}
