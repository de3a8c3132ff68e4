using System.Globalization;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Reporting;
using Osteon.Training;

namespace Osteon.Runner;

/// <summary>Which samples of training a preview shows.</summary>
/// <param name="Case">The case's id, or null where epoch and index say which.</param>
/// <param name="Epoch">From 0, or null: the first ones.</param>
/// <param name="Index">The sample's number in the epoch, or null: those of the case.</param>
public sealed record PreviewRequest(string? Case, int? Epoch, int? Index);

/// <summary>Draws what the network will see of a case: each transform alone, and the samples of training as they are, to the byte.</summary>
public sealed class Preview
{
    private const int Side = 384, Shown = 8, Searched = 64;

    private readonly ExperimentSession _session;
    private readonly SampleMaker _samples;
    private readonly AugmentationPipeline _augmentations;
    private readonly Member _member;
    private readonly CaseStore _store;
    private readonly LabelledImages? _images;
    private readonly Workspace _workspace = new();

    private Preview(ExperimentSession session, Member member)
    {
        (_session, _member) = (session, member);
        var data = TrainStage.DataOf(session, member);
        (_store, _images, _samples, _augmentations) = (data.Store, data.Images, new SampleMaker(data), new AugmentationPipeline(data.Augmentations));
    }

    /// <summary>Writes runs/NAME/preview-….html.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="ConfigurationException">The case, epoch or index is not there.</exception>
    public static string Write(ExperimentSession session, PreviewRequest request)
    {
        if (request.Case is null && request.Index is null)
        {
            throw new ConfigurationException("--case=ID is missing: the case to preview. Or give --epoch=E --index=I for one sample of training.");
        }

        var member = Member.Of(session.Plan).FirstOrDefault(m => request.Case is null || TrainStage.TrainsOn(session, m, request.Case));
        if (member is null)
        {
            var store = CaseStore.Open(session.OutputOf("Convert").Folder);
            throw new ConfigurationException(store.Cases.Any(c => c.Id == request.Case)
                ? $"--case={request.Case} is trained on in no fold: it is a test case, or has no labels."
                : $"--case={request.Case} is unknown{Configuration.Nearest.Hint(request.Case!, store.Cases.Select(c => c.Id))}. There are {store.Cases.Count} cases.");
        }

        var preview = new Preview(session, member);
        var sheet = preview.Draw(request);
        var name = request.Index is { } index ? $"preview-epoch{request.Epoch ?? 0}-index{index}.html" : $"preview-{PlainName(request.Case!)}.html";
        var file = Path.Combine(session.RunFolder, name);
        AtomicFile.WriteAllBytes(file, System.Text.Encoding.UTF8.GetBytes(sheet.ToHtml()));
        return file;
    }

    private PreviewSheet Draw(PreviewRequest request)
    {
        var (samples, total) = (Chosen(request), _session.Plan.Train.Epochs);
        var (place, epoch, index) = samples[0];
        var (store, stored) = _samples.Cases[place];
        var whole = Read(place);
        var (masks, names) = (whole.Labels.ToMasks(), _images?.Input.Planes ?? store.Classes);
        var rows = new List<PreviewRow>
        {
            new("As stored", $"{stored.Id}, {stored.Stored} pixels.", [Tile("image", whole, [], labels: false), .. names.Count > 0 ? [Tile("labels", whole, [])] : Array.Empty<PreviewTile>()]),
        };
        if (_augmentations.Augmentations.Count > 0)
        {
            rows.Add(new("Each transform alone", "Drawn as for the first sample below and applied whatever its p says, to the case as it is cut for training.",
                [.. Enumerable.Range(0, _augmentations.Augmentations.Count).Select(i => Alone(i, place, epoch, index))]));
        }

        rows.Add(new("What the network sees", "All transforms together, consecutive spatial ones as one warp; each picture is a sample of training, to the byte.",
            [.. samples.Select(s => Composed(s.Case, s.Epoch, s.Index))]));
        return new PreviewSheet(
            $"Preview of {stored.Id}",
            [$"Experiment {_session.Plan.Name}, {_member}, {total} epochs of {_samples.PerEpoch} samples.", $"dotnet cake --target=Preview --experiment={_session.Plan.Name} --epoch={epoch} --index={index} shows the first sample below again."],
            [.. Enumerable.Range(0, names.Count).Where(k => !masks[k].IsEmpty).Select(k => (names[k], LabelRenderer.ColourOf(k)))],
            rows);
    }

    private List<(int Case, int Epoch, int Index)> Chosen(PreviewRequest request)
    {
        if (request.Index is { } index)
        {
            return index < _samples.PerEpoch
                ? [(_samples.Order(request.Epoch ?? 0)[index], request.Epoch ?? 0, index)]
                : throw new ConfigurationException($"--index={index}: an epoch has the samples 0 to {_samples.PerEpoch - 1}.");
        }

        var found = new List<(int, int, int)>();
        for (var epoch = request.Epoch ?? 0; found.Count < Shown && epoch <= (request.Epoch ?? Searched); epoch++)
        {
            var order = _samples.Order(epoch);
            for (var i = 0; i < order.Length && found.Count < Shown; i++)
            {
                if (_samples.Cases.NameOf(order[i]) == request.Case)
                {
                    found.Add((order[i], epoch, i));
                }
            }
        }

        return found.Count > 0 ? found : throw new ConfigurationException($"--case={request.Case} is not drawn in {(request.Epoch is { } e ? $"epoch {e}" : $"the first {Searched} epochs")}; train.sampler leaves it out.");
    }

    private Sample Read(int place)
    {
        _workspace.Reset();
        return _samples.Cases.Read(place, _workspace);
    }

    private PreviewTile Alone(int i, int place, int epoch, int index)
    {
        _workspace.Reset();
        var log = new List<AugmentationStep>();
        var cut = _samples.Cut(place, epoch, index, _workspace);
        var sample = _augmentations.RunAlone(i, cut, _samples.AugmentationStream(epoch, index), _workspace, _samples.Cases, log);
        return Tile(_session.Plan.Train.Augment[i].Name, sample, _augmentations.Augmentations[i] is NormalizingAugmentation
            ? ["no pixel is changed: floats are made of the levels as the batch is computed"]
            : Lines(log));
    }

    private PreviewTile Composed(int place, int epoch, int index)
    {
        _workspace.Reset();
        var log = new List<AugmentationStep>();
        var sample = _samples.Make(place, epoch, index, _workspace, log);
        return Tile(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}, index {index}"), sample, log.Count == 0 ? ["nothing was applied"] : Lines(log));
    }

    private string[] Lines(List<AugmentationStep> log) => [.. log.Select(step =>
        _augmentations.At(step.Place) is MixingAugmentation mixing ? $"{step} with {string.Join(", ", mixing.Others(step.Draw).Select(_samples.Cases.NameOf))}" : step.ToString())];

    // Of a mixture the labels with the larger share are drawn.
    private PreviewTile Tile(string caption, Sample sample, IReadOnlyList<string> lines, bool labels = true)
    {
        var share = sample.SecondShare > 0.5 ? sample.SecondShare : 1 - sample.SecondShare;
        var soft = sample.Second is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", labels with a share of {share:0.00}");
        var drawn = sample.SecondShare > 0.5 ? sample.Second! : sample.Labels;
        drawn = !labels ? new LabelMap(drawn.Frame, 1) : _images is null ? drawn : OfInput(drawn);
        return new($"{caption}, {sample.Image.Frame}{(_images is null ? soft : ClassOf(sample, _images))}", LabelRenderer.Render(sample.Image, drawn, Side), lines);
    }

    // A class of images is one of all pixels, and nothing to draw.
    private LabelMap OfInput(LabelMap words) => _images!.Input.Planes.Count == 0 ? new LabelMap(words.Frame, 1) : LabelMap.FromMasks(words.ToMasks()[.._images.Input.Planes.Count]);

    private static string ClassOf(Sample sample, LabelledImages images)
    {
        var (first, second) = (sample.Labels.ToMasks(), sample.Second?.ToMasks());
        double[] areas = [.. images.Labels.Classes.Select((_, k) => k + images.Input.Planes.Count).Select(k => ((1 - sample.SecondShare) * first[k].Area) + (sample.SecondShare * (second?[k].Area ?? 0)))];
        var sum = Math.Max(areas.Sum(), 1);
        return string.Concat(images.Labels.Classes.Zip(areas).Where(c => c.Second > 0)
            .Select(c => c.Second == sum ? $", {c.First}" : string.Create(CultureInfo.InvariantCulture, $", {c.First} {c.Second / sum:0.00}")));
    }

    private static string PlainName(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
}
