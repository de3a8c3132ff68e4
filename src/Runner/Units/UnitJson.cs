using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Runner;

/// <summary>Reads what one unit left for another.</summary>
internal static class UnitJson
{
    /// <exception cref="DataException">The file is missing or damaged: a finished unit's files are only ever changed from outside.</exception>
    public static T Read<T>(string path, JsonSerializerOptions layout)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), layout) ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"a finished unit's file cannot be read ({e.Message}). Make it anew: the same command with --force=STAGE.", e);
        }
    }
}
