using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osteon.Imaging;
using Osteon.Tracking;
using static TorchSharp.torch;

namespace Osteon.Runner;

/// <summary>What every run of a command has in common: code, libraries, machine. Asked once.</summary>
internal sealed class SessionFacts
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    private readonly ExperimentSession _session;
    private readonly GitFacts? _git;
    private readonly SortedDictionary<string, string> _environment;

    public SessionFacts(ExperimentSession session)
    {
        _session = session;
        _git = GitFacts.Read(session.Options.Root);
        _environment = new SortedDictionary<string, string>(MachineFacts.Read().ToDictionary(), StringComparer.Ordinal)
        {
            ["osteon"] = typeof(SessionFacts).Assembly.GetName().Version!.ToString(3),
            ["libtorch"] = __version__,
            ["opencv"] = OpenCv.Version,
            ["device"] = session.Device.Name,
            ["threads"] = session.Plan.Train.Threads.ToString(CultureInfo.InvariantCulture),
        };
        var tags = new Dictionary<string, string>(_git?.ToTags() ?? new Dictionary<string, string>());
        foreach (var (name, value) in _environment)
        {
            tags[RunTags.Environment + name] = value;
        }

        foreach (var (name, value) in session.FoundInData)
        {
            tags[RunTags.Data + name] = value;
        }

        if (session.PolygonRaster is { } raster)
        {
            tags[RunTags.PolygonRaster] = raster;
        }

        Tags = tags;
    }

    /// <summary>As tags of a run.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; }

    /// <summary>environment.json: the same, and every plugin with version and digest.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["environment"] = Json(_environment),
            ["git"] = _git is null ? null : Json(_git.ToTags()),
            ["plugins"] = new JsonObject(_session.Plugins.All.Where(p => p.Failure is null).OrderBy(p => p.File, StringComparer.Ordinal)
                .DistinctBy(p => Path.GetFileName(p.File))
                .Select(p => KeyValuePair.Create(Path.GetFileName(p.File), (JsonNode?)new JsonObject { ["version"] = p.Version, ["sha256"] = p.Digest }))),
        },
        Layout);

    /// <summary>What a unit reads: the data set as MLflow's input, everything by the hash of its content as tags.</summary>
    public void TellInputs(RunLog log, Unit unit)
    {
        foreach (var (input, hash) in unit.Inputs)
        {
            log.Tag($"osteon.input.{Legible(input)}", hash);
            if (input is "source" or "Synthesize" or "Convert")
            {
                log.LogDataset(_session.Plan.Data.Format.Name, hash, _session.ForPeople(_session.SourceRoot), Context(unit.Stage));
            }
        }
    }

    // A unit's id in the letters MLflow takes for a tag: "Train model:unet fold:0".
    private static string Legible(string input) => input.Replace('[', ' ').Replace(',', ' ').Replace('=', ':').TrimEnd(']');

    private static string Context(string stage) => stage switch
    {
        "Train" => "training",
        "Infer" or "Ensemble" or "Report" => "test",
        _ => "raw",
    };

    private static JsonObject Json(IEnumerable<KeyValuePair<string, string>> facts) => new(facts.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value)));
}
