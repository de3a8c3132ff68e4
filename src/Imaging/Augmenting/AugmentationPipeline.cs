using System.Globalization;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Imaging;

/// <summary>Draws and applies augmentations in their order; consecutive spatial ones as one warp (see <see cref="Geometry"/>).</summary>
/// <remarks>
/// The stream of the i-th augmentation is <c>stream.At(i)</c>, of the k-th choice in a container <c>At(k)</c> below its own, so that what one
/// draws never depends on another. Safe for any number of threads, each with a workspace of its own.
/// </remarks>
/// <param name="augmentations">Bound to the classes (<see cref="Augmentation.For"/>) where they name any.</param>
public sealed class AugmentationPipeline(IReadOnlyList<Augmentation> augmentations)
{
    /// <summary>The augmentations, in order.</summary>
    public IReadOnlyList<Augmentation> Augmentations => augmentations;

    /// <summary>Draws and applies all.</summary>
    /// <param name="sample">Left as it is.</param>
    /// <param name="stream">The sample's own.</param>
    /// <param name="workspace">Owns the result.</param>
    /// <param name="others">Samples to mix with, or null.</param>
    /// <param name="log">Takes what was drawn, or null.</param>
    /// <returns>In memory of the workspace, or the sample itself where nothing was applied.</returns>
    /// <exception cref="ConfigurationException">One mixes samples, and there are no others.</exception>
    public Sample Run(Sample sample, RandomStream stream, Workspace workspace, ISampleSource? others = null, ICollection<AugmentationStep>? log = null)
    {
        var passage = new Passage(sample, workspace, others, log);
        for (var i = 0; i < augmentations.Count; i++)
        {
            Run(passage, augmentations[i], stream.At(i), always: false, log is null ? string.Empty : Place(string.Empty, i));
        }

        return passage.Finish();
    }

    /// <summary>Draws and applies one of them, whatever its p says, as <see cref="Run(Sample, RandomStream, Workspace, ISampleSource, ICollection{AugmentationStep})"/> would draw it for the same sample.</summary>
    public Sample RunAlone(int index, Sample sample, RandomStream stream, Workspace workspace, ISampleSource? others = null, ICollection<AugmentationStep>? log = null)
    {
        var passage = new Passage(sample, workspace, others, log);
        Run(passage, augmentations[index], stream.At(index), always: true, Place(string.Empty, index));
        return passage.Finish();
    }

    /// <summary>Applies what a log holds.</summary>
    /// <exception cref="ArgumentException">A step is not of these augmentations.</exception>
    public Sample Replay(Sample sample, IEnumerable<AugmentationStep> steps, Workspace workspace, ISampleSource? others = null)
    {
        var passage = new Passage(sample, workspace, others, null);
        foreach (var step in steps)
        {
            passage.Apply(At(step.Place), step.Draw);
        }

        return passage.Finish();
    }

    /// <summary>The augmentation that a step's place tells.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public DrawnAugmentation At(string place)
    {
        var level = augmentations;
        Augmentation? found = null;
        foreach (var part in place.Split('.'))
        {
            found = int.TryParse(part, CultureInfo.InvariantCulture, out var i) && i >= 0 && i < level.Count ? level[i] : null;
            level = found is AugmentationContainer container ? container.Children : [];
        }

        return found as DrawnAugmentation ?? throw new ArgumentException($"No augmentation stands at {place}.", nameof(place));
    }

    /// <summary>Applies one draw of one augmentation.</summary>
    public static Sample Apply(DrawnAugmentation augmentation, Sample sample, object draw, Workspace? workspace = null, ISampleSource? others = null)
    {
        var passage = new Passage(sample, workspace ?? new Workspace(), others, null);
        passage.Apply(augmentation, draw);
        return passage.Finish();
    }

    private static string Place(string above, int i) => above.Length == 0 ? i.ToString(CultureInfo.InvariantCulture) : $"{above}.{i}";

    private static void Run(Passage passage, Augmentation augmentation, RandomStream stream, bool always, string place)
    {
        if (augmentation is NormalizingAugmentation)
        {
            return;                                                 // done where floats are made of the levels
        }

        var random = stream;
        if (random.NextDouble() >= augmentation.Probability && !always)
        {
            return;
        }

        if (augmentation is AugmentationContainer container)
        {
            var chosen = new List<ChosenAugmentation>();
            container.Choose(ref random, chosen);
            for (var k = 0; k < chosen.Count; k++)
            {
                var child = chosen[k].Child;
                Run(passage, container.Children[child], stream.At(k), chosen[k].Always, place.Length == 0 ? place : Place(place, child));
            }

            return;
        }

        passage.Draw((DrawnAugmentation)augmentation, ref random, place);
    }

    /// <summary>A sample on its way, with the moves that are not applied yet.</summary>
    private sealed class Passage(Sample sample, Workspace workspace, ISampleSource? others, ICollection<AugmentationStep>? log)
    {
        private readonly List<Geometry> _moves = [];
        private Sample _sample = sample;

        private Frame Frame => _moves.Count > 0 ? _moves[^1].Output : _sample.Image.Frame;

        public void Draw(DrawnAugmentation augmentation, ref RandomStream random, string place)
        {
            if (augmentation is MixingAugmentation && others is not { Count: > 0 })
            {
                throw new ConfigurationException($"{augmentation.GetType().Name} mixes samples, and here are none to mix with.");
            }

            var draw = augmentation.Draw(ref random, new DrawContext(Frame, others?.Count ?? 0, augmentation.ReadsSample ? Finish() : null));
            log?.Add(new AugmentationStep(place, augmentation.GetType().Name, draw));
            Apply(augmentation, draw);
        }

        public void Apply(DrawnAugmentation augmentation, object draw)
        {
            if (augmentation is SpatialAugmentation spatial)
            {
                _moves.Add(spatial.Map(draw, Frame));
                return;
            }

            Finish();
            _sample = augmentation switch
            {
                IntensityAugmentation intensity => Changed(intensity, draw),
                SampleAugmentation both => both.Transform(_sample, draw, workspace),
                MixingAugmentation mixing => mixing.Transform(_sample, [.. mixing.Others(draw).Select(i => others!.Read(i, workspace))], draw, workspace),
                _ => throw new NotSupportedException($"{augmentation.GetType().Name} is no kind of augmentation that is known here."),
            };
            workspace.Keep(_sample);
        }

        public Sample Finish()
        {
            if (_moves.Count > 0)
            {
                _sample = GeometryRun.Apply(_sample, _moves, workspace);
                _moves.Clear();
                workspace.Keep(_sample);
            }

            return _sample;
        }

        private Sample Changed(IntensityAugmentation intensity, object draw)
        {
            var to = workspace.Image(_sample.Image.Frame, _sample.Image.BytesPerPixel);
            intensity.Transform(_sample.Image, to, draw, workspace);
            return _sample with { Image = to };
        }
    }
}
