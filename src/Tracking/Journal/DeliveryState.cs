using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>How far a journal has been delivered, and what the destination calls its run. Kept beside the journal, whole or not at all.</summary>
internal sealed record DeliveryState
{
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Where it goes; a journal that is sent elsewhere begins anew.</summary>
    public string Destination { get; init; } = string.Empty;

    /// <summary>Journal position up to which everything but artifacts is delivered.</summary>
    public long Events { get; init; }

    /// <summary>The same for artifacts.</summary>
    public long Artifacts { get; init; }

    /// <summary>The run's id there; empty until it exists.</summary>
    public string RunId { get; init; } = string.Empty;

    /// <summary>Its experiment's id there.</summary>
    public string ExperimentId { get; init; } = string.Empty;

    /// <summary>Where its artifacts go there.</summary>
    public string ArtifactUri { get; init; } = string.Empty;

    /// <summary>Times its creation was asked for: an answer may have been lost.</summary>
    public int Creations { get; init; }

    /// <summary>Why the destination takes no more of it; empty: it does.</summary>
    public string Refused { get; init; } = string.Empty;

    /// <summary>The state beside a journal; a fresh one where there is none, it is damaged, or it is another destination's.</summary>
    public static DeliveryState Load(string path, string destination)
    {
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<DeliveryState>(File.ReadAllBytes(path), Layout) is { } state && state.Destination == destination)
            {
                return state;
            }
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Delivering again from the beginning does no harm.
        }

        return new DeliveryState { Destination = destination };
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">The disk is full or the folder not writable.</exception>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, Layout));
}
