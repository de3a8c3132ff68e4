namespace Osteon.Abstractions;

/// <summary>A file of the user's that cannot be read as what it claims to be. The message begins with the file's name.</summary>
public sealed class DataException(string path, string what, Exception? inner = null)
    : ConfigurationException($"{path}: {what}", inner)
{
    /// <summary>The file, as it was asked for.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong, without the file's name.</summary>
    public string What { get; } = what;
}
