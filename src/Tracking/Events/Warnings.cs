namespace Osteon.Tracking;

/// <summary>Hands warnings of many threads on, one at a time; a listener that throws does not reach the run.</summary>
internal sealed class Warnings(Action<string> listener)
{
    private readonly Lock _gate = new();

    public void Tell(string message)
    {
        lock (_gate)
        {
            try
            {
                listener(message);
            }
            catch (Exception)
            {
                // Tracking never stops a run, not even when nobody can hear its warnings.
            }
        }
    }
}
