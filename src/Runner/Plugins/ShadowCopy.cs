using System.Security.Cryptography;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Runner.Plugins;

/// <summary>
/// The files of a plugin, copied into a folder named by their digest: a rebuild, or another DLL put in their place, cannot touch a
/// running experiment, and the digest in a unit's key is that of the code which runs.
/// </summary>
/// <param name="Main">The plugin's DLL in the copy.</param>
/// <param name="Digest">SHA-256 over names and contents, 64 hex digits.</param>
internal sealed record ShadowCopy(string Main, string Digest)
{
    /// <summary>Copies once per digest; processes that copy at the same time do not disturb each other.</summary>
    /// <param name="folder">The folder that <paramref name="files"/> lie in.</param>
    /// <param name="files">Relative to the folder.</param>
    /// <param name="main">The plugin's DLL, one of the files.</param>
    /// <param name="shadows">Where copies are kept, as NAME/DIGEST16/.</param>
    public static ShadowCopy Make(string folder, IReadOnlyList<string> files, string main, string shadows)
    {
        var digest = Hash(folder, files);
        var copy = Path.Combine(Path.GetFullPath(shadows), Path.GetFileNameWithoutExtension(main), digest[..16]);
        if (!Directory.Exists(copy))
        {
            var partial = $"{copy}.{Guid.NewGuid():N}.partial";
            OutputFolder.Create(partial);
            try
            {
                foreach (var file in files)
                {
                    AtomicFile.Copy(Path.Combine(folder, file), Path.Combine(partial, file));
                }

                if (Hash(partial, files) != digest)
                {
                    throw new IOException("its files changed while they were read; start again");
                }

                Directory.Move(partial, copy);
            }
            catch (IOException e)
            {
                OutputFolder.Remove(partial);
                if (e is OutputException || !Directory.Exists(copy))
                {
                    throw;
                }
            }
        }

        return new ShadowCopy(Path.Combine(copy, main), digest);
    }

    private static string Hash(string folder, IReadOnlyList<string> files)
    {
        var lines = new StringBuilder();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(Path.Combine(folder, file));
            lines.Append(Convert.ToHexStringLower(SHA256.HashData(stream))).Append(' ').Append(file.Replace('\\', '/')).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));
    }
}
