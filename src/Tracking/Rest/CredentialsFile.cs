namespace Osteon.Tracking;

/// <summary><c>~/.mlflow/credentials</c>: an INI file whose section <c>[mlflow]</c> holds <c>mlflow_tracking_username</c> and <c>mlflow_tracking_password</c>.</summary>
internal static class CredentialsFile
{
    private const long Longest = 1 << 16;

    /// <summary>Reads it; nothing where there is no such file.</summary>
    public static (string? User, string? Password) Read(string path, List<string> faults)
    {
        if (!File.Exists(path))
        {
            return (null, null);
        }

        try
        {
            if (new FileInfo(path).Length > Longest)
            {
                faults.Add($"{path} is longer than {Longest} bytes; it is to hold a name and a password");
                return (null, null);
            }

            return Parse(File.ReadAllLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{path} cannot be read ({e.Message})");
            return (null, null);
        }
    }

    private static (string? User, string? Password) Parse(IEnumerable<string> lines)
    {
        var (inside, user, password) = (false, (string?)null, (string?)null);
        foreach (var line in lines.Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
        {
            if (line.StartsWith('['))
            {
                inside = line == "[mlflow]";
            }
            else if (inside && line.IndexOfAny(['=', ':']) is > 0 and var at)
            {
                var (key, value) = (line[..at].Trim().ToLowerInvariant(), line[(at + 1)..].Trim());
                user = key == "mlflow_tracking_username" ? value : user;
                password = key == "mlflow_tracking_password" ? value : password;
            }
        }

        return (user, password);
    }
}
