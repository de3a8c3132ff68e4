namespace Osteon.Abstractions;

/// <summary>Keeps what is read of a data set inside its root, whatever '..' or links its files are made of.</summary>
public static class ConfinedPath
{
    private const int MaxLinks = 40;                                // Linux's own bound

    /// <summary>Joins root and relative path.</summary>
    /// <param name="root">The data set's root; may itself be, or lie behind, a link.</param>
    /// <param name="relative">'/' between folders.</param>
    /// <returns>An absolute path; whether it exists is not asked.</returns>
    /// <exception cref="DataException">The path, or a link on it, leads out of the root.</exception>
    public static string Of(string root, string relative)
    {
        if (relative.Contains('\0', StringComparison.Ordinal))
        {
            throw new DataException(relative.Replace('\0', '?'), "is no path: it holds a zero.");
        }

        var full = Path.GetFullPath(relative, Path.GetFullPath(root));
        return IsBelow(full, root)
            ? full
            : throw new DataException(relative, $"leads out of the data set's root {root}, by its name or by a link on the way; put the file itself there, or name the folder that really holds the files as the root.");
    }

    /// <summary>True when a path, with every link on it followed, lies below the root; false too where links go in a circle.</summary>
    public static bool IsBelow(string path, string root) =>
        Followed(path) is { } end && Followed(root) is { } top && end.StartsWith(top.TrimEnd('/') + "/", StringComparison.Ordinal);

    // Name by name, as the kernel does it: '..' after a link is the target's parent, which no arithmetic on the text can tell.
    private static string? Followed(string path)
    {
        var names = new Stack<string>(Path.GetFullPath(path).Split('/').Reverse());
        var at = "/";
        var links = 0;
        while (names.TryPop(out var name))
        {
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
            }
            else if (name is not ("" or "."))
            {
                var next = Path.Combine(at, name);
                if (new FileInfo(next).LinkTarget is not { } target)
                {
                    at = next;
                    continue;
                }

                if (++links > MaxLinks)
                {
                    return null;
                }

                at = target.StartsWith('/') ? "/" : at;
                foreach (var part in target.Split('/').Reverse())
                {
                    names.Push(part);
                }
            }
        }

        return at;
    }
}
