namespace Osteon.Torch.Interop;

/// <summary>Remembers the thread that a mode of libtorch was set on: setting it back on another leaves the first as it is.</summary>
internal readonly struct ThreadOwned()
{
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <exception cref="InvalidOperationException">This is another thread.</exception>
    internal void Check(string mode)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException($"{mode} was opened on thread {_thread} and disposed on thread {Environment.CurrentManagedThreadId}. It belongs to its thread: no await may lie between.");
        }
    }
}
