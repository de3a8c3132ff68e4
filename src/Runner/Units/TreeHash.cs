using System.Security.Cryptography;
using System.Text;

namespace Osteon.Runner;

/// <summary>One hash for a folder of files.</summary>
public static class TreeHash
{
    /// <summary>SHA-256 over lines "hash name", in the order given.</summary>
    public static string Of(IEnumerable<(string Name, string Hash)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{content} {name}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Hashes every file below a folder, by name in ordinal order; names that begin with a dot do not count.</summary>
    public static string OfFolder(string folder) => Of(FilesOf(folder));

    /// <summary>What <see cref="OfFolder"/> is made of.</summary>
    public static IReadOnlyList<(string Name, string Hash)> FilesOf(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), File: file))
        .Where(f => f.Name[0] != '.')
        .OrderBy(f => f.Name, StringComparer.Ordinal)
        .AsParallel().AsOrdered()
        .Select(f =>
        {
            using var stream = File.OpenRead(f.File);
            return (f.Name, Convert.ToHexStringLower(SHA256.HashData(stream)));
        })];
}
