namespace Osteon.Training;

/// <summary>The memory of one batch: grey levels, label words, and those of labels that were mixed in.</summary>
internal sealed class BatchBuffer(bool pinned) : IDisposable
{
    public BatchMemory Images { get; } = new(pinned);

    public BatchMemory Labels { get; } = new(pinned);

    public BatchMemory Seconds { get; } = new(pinned);

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        Seconds.Dispose();
    }
}
