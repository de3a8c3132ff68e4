namespace Osteon.Abstractions;

/// <summary>A file or folder that could not be written. The message begins with its path and says what to do; <see cref="StorageFault.Of"/> makes it a line for the user.</summary>
/// <param name="path">What was to be written, under the name it was to have.</param>
/// <param name="cause">What .NET made of the system's answer.</param>
public sealed class OutputException(string path, Exception cause) : IOException($"{path}: {StorageFault.Reason(cause)}", cause)
{
    /// <summary>What was to be written.</summary>
    public string Path { get; } = path;
}
