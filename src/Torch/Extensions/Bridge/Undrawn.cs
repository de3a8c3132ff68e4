namespace Osteon.Torch;

/// <summary>
/// Builds networks without drawing first weights, for what fills them all from a file: PyTorch's torch.nn.utils.skip_init for everything
/// in a scope. Drawing takes most of the time that building a large network takes, and memory that nothing writes costs nothing.
/// </summary>
public static class Undrawn
{
    [ThreadStatic]
    private static int t_scopes;

    /// <summary>Whether this thread is in such a scope.</summary>
    internal static bool Now => t_scopes > 0;

    /// <summary>
    /// Until it is disposed, <c>nn.init</c> and with it every layer leaves random weights of this thread as the memory holds them; ones,
    /// zeros and other constants are set, and the generator stays where it is.
    /// </summary>
    public static IDisposable Scope()
    {
        t_scopes++;
        return new Ended();
    }

    private sealed class Ended : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            t_scopes -= _ended ? 0 : 1;
            _ended = true;
        }
    }
}
