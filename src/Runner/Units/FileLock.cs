using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>A lock that the operating system lets go when its process dies.</summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Waits until no other process, and no other holder in this one, has the file locked.</summary>
    /// <param name="path">A file of its own; created, never deleted (another process may be about to lock it).</param>
    /// <param name="waiting">Called once when the lock is not free.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static FileLock Take(string path, Action? waiting = null, CancellationToken cancellation = default)
    {
        OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        for (var attempt = 0; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (attempt == 0)
                {
                    waiting?.Invoke();
                }

                cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Min(10 << Math.Min(attempt, 5), 250)));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
