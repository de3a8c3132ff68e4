using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Plugins.Architectures.MMSegmentation;

/// <summary>One mapping of an mmseg configuration. Notes what was read, so that what nobody reads is a fault and not silently nothing.</summary>
internal sealed class Settings(string path, JsonObject values)
{
    private readonly HashSet<string> _read = [];

    /// <summary>Where it stands, for messages.</summary>
    public string Path => path;

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public int Whole(string key, int standard, int least = 1) => Read(key) is { } node ? Whole(key, node, least) : standard;

    /// <summary>A whole number that must be there.</summary>
    public int Whole(string key) => Whole(key, Read(key) ?? throw Refused(key, "is missing"), 1);

    /// <summary>A number, not below 0.</summary>
    public double Number(string key, double standard) => Read(key) switch
    {
        null => standard,
        var node when node.GetValueKind() == JsonValueKind.Number && double.Parse(node.ToString(), CultureInfo.InvariantCulture) is >= 0 and var number => number,
        var node => throw Refused(key, $"{node.ToJsonString()} must be a number, not below 0"),
    };

    /// <summary>A share in [0, 1).</summary>
    public double Share(string key, double standard) => Number(key, standard) is < 1 and var share ? share : throw Refused(key, "must be below 1");

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool standard) => Read(key) switch
    {
        null => standard,
        var node when node.GetValueKind() is JsonValueKind.True or JsonValueKind.False => node.GetValueKind() == JsonValueKind.True,
        var node => throw Refused(key, $"{node.ToJsonString()} must be true or false"),
    };

    /// <summary>One of these words.</summary>
    public string Word(string key, string? standard, params string[] allowed)
    {
        var word = Read(key)?.ToString() ?? standard ?? throw Refused(key, $"is missing; allowed are {string.Join(", ", allowed)}");
        return allowed.Contains(word) ? word : throw Refused(key, $"'{word}' is unknown; allowed are {string.Join(", ", allowed)}");
    }

    /// <summary>Whole numbers; one alone is a list of one. Null where nothing is said.</summary>
    public int[]? Wholes(string key, int least = 1) => Read(key) switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => Whole(key, item, least))],
        var node => [Whole(key, node, least)],
    };

    /// <summary>Whole numbers, as many as there are stages.</summary>
    public int[] Wholes(string key, int count, int[] standard, int least = 1)
    {
        var numbers = Wholes(key, least) ?? standard[..Math.Min(count, standard.Length)];
        return numbers.Length == count ? numbers : throw Refused(key, $"[{string.Join(", ", numbers)}] must be {count} numbers");
    }

    /// <summary>A mapping within; null where nothing is said.</summary>
    public Settings? Inner(string key) => Read(key) switch
    {
        null => null,
        JsonObject inner => new Settings($"{path}.{key}", inner),
        var node => throw Refused(key, $"{node.ToJsonString()} must be a mapping"),
    };

    /// <summary>The sum of the weights of one loss, or of a list of them; which losses they are, the experiment says.</summary>
    public double LossWeight()
    {
        JsonNode?[] losses = Read("loss_decode") switch
        {
            null => [new JsonObject()],
            JsonArray list => [.. list],
            var one => [one],
        };
        return losses.Sum(loss => loss is JsonObject said ? new Settings($"{path}.loss_decode", said).Number("loss_weight", 1) : throw Refused("loss_decode", "must be a mapping, or a list of them"));
    }

    /// <summary>Passes over keys that change nothing here.</summary>
    public void Ignore(params string[] keys) => _read.UnionWith(keys);

    /// <summary>Passes over keys where they say nothing.</summary>
    /// <exception cref="ConfigurationException">One of them says something.</exception>
    public void Unsupported(params string[] keys)
    {
        foreach (var key in keys)
        {
            if (Read(key) is { } node && node.ToJsonString() is not ("-1" or "false"))
            {
                throw Refused(key, $"{node.ToJsonString()} is not supported here. Remove it");
            }
        }
    }

    /// <summary>Every key was read or passed over.</summary>
    /// <exception cref="ConfigurationException">Some were not.</exception>
    public void Finish()
    {
        string[] faults = [.. values.Select(value => value.Key).Where(key => !_read.Contains(key)).Select(key => $"{path}.{key} is unknown. Allowed: {string.Join(", ", _read.Order(StringComparer.Ordinal))}.")];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    /// <summary>A fault of one key.</summary>
    public ConfigurationException Refused(string key, string fault) => new($"{path}.{key} {fault}.");

    private JsonNode? Read(string key)
    {
        _read.Add(key);
        return values[key];
    }

    private int Whole(string key, JsonNode? node, int least) =>
        int.TryParse(node?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least ? number : throw Refused(key, $"{node?.ToJsonString() ?? "null"} must be a whole number of at least {least}");
}
