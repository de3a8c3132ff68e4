namespace Osteon.Torch;

/// <summary>Where TorchSharp's package serves the tensors, its layers always draw their first weights: the scope is kept and does nothing.</summary>
public static class Undrawn
{
    /// <summary>Does nothing.</summary>
    public static IDisposable Scope() => new Ended();

    private sealed class Ended : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
