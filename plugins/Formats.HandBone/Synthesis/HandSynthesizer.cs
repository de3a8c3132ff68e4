using System.Runtime.ExceptionServices;
using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;

namespace Osteon.Plugins.HandBone;

/// <summary>What <see cref="HandSynthesizer"/> makes.</summary>
public sealed record HandSynthesizerOptions
{
    /// <summary>People with labelled training images, two each; 1 to 9,000.</summary>
    public int Patients { get; init; } = 20;

    /// <summary>People with test images, two each; 0 to 900. Their labels are written too.</summary>
    public int TestPatients { get; init; } = 4;

    /// <summary>Height and width of the images in pixels, 128 to 8,192; the hands are the same at every size.</summary>
    public int Size { get; init; } = 2048;

    /// <summary>Another seed, other people.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>
/// Radiographs of hands that never were, in the hand-bone layout with all its traps, so that a pipeline can be run and judged
/// without anybody's data. Outlines and image come from one geometry; adjoining wrist bones overlap as much as real ones do.
/// </summary>
[Synthesizer("hand-bone")]
public sealed class HandSynthesizer : Synthesizer
{
    private readonly HandSynthesizerOptions _options;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ConfigurationException">An option is out of its interval.</exception>
    public HandSynthesizer(HandSynthesizerOptions options)
    {
        _options = options;
        string[] faults =
        [
            .. Fault("patients", options.Patients, 1, 9000),
            .. Fault("test_patients", options.TestPatients, 0, 900),
            .. Fault("size", options.Size, 128, 8192),
        ];
        if (faults.Length > 0)
        {
            throw new ConfigurationException(faults);
        }
    }

    /// <summary>Images made at once; the bytes are the same for any number.</summary>
    internal int Threads { get; init; } = Environment.ProcessorCount;

    /// <inheritdoc/>
    public override void Synthesize(string folder, IProgress<(int Done, int Total)> progress, CancellationToken cancellation)
    {
        var people = Enumerable.Range(0, _options.Patients + _options.TestPatients)
            .Select(i => SyntheticPatient.Draw(_options.Seed, i, i < _options.Patients ? Subset.Train : Subset.Test))
            .ToArray();
        Sweep(folder);
        AtomicFile.Write(Path.Combine(folder, "meta_data.xlsx"), stream =>
            XlsxWriter.Write(stream, [SyntheticPatient.Header, .. people.Select(p => p.Row)]));
        var done = 0;
        try
        {
            Parallel.For(0, people.Length * 2, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Threads }, i =>
            {
                Make(folder, people[i / 2], i / 2, left: i % 2 == 1);
                progress.Report((Interlocked.Increment(ref done), people.Length * 2));
            });
        }
        catch (AggregateException e)
        {
            // A full disk meets every thread; one of them is enough to tell.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private void Make(string folder, SyntheticPatient patient, int index, bool left)
    {
        var side = left ? "L" : "R";
        var hand = HandSkeleton.Build(
            RandomStream.For(_options.Seed, "hand-bone", "anatomy", index), RandomStream.For(_options.Seed, "hand-bone", "pose", index, side), patient.Scale, left);
        var (grey, bones) = Radiograph.Draw(hand, RandomStream.For(_options.Seed, "hand-bone", "look", index, side), _options.Size, left);

        var rgb = new byte[grey.Length * 3];
        for (var i = 0; i < grey.Length; i++)
        {
            rgb[3 * i] = rgb[(3 * i) + 1] = rgb[(3 * i) + 2] = grey[i];
        }

        var stem = left ? patient.Stems.Left : patient.Stems.Right;
        var subset = patient.Subset == Subset.Train ? "train" : "test";
        AtomicFile.WriteAllBytes(Path.Combine(folder, subset, "DCM", patient.Folder, stem + ".png"), ImageFile.EncodePngRgb(new Frame(_options.Size, _options.Size), rgb));
        AtomicFile.Write(Path.Combine(folder, subset, "outputs_json", patient.Folder, stem + ".json"), stream =>
            LabelFile.Write(stream, stem, patient.Folder, bones, RandomStream.For(_options.Seed, "hand-bone", "label", index, side)));
    }

    /// <summary>Removes what a killed call left half written.</summary>
    private static void Sweep(string folder)
    {
        foreach (var subset in new[] { "train", "test" }.Select(s => Path.Combine(folder, s)).Where(Directory.Exists))
        {
            foreach (var partial in Directory.EnumerateFiles(subset, "*.tmp", SearchOption.AllDirectories))
            {
                File.Delete(partial);
            }
        }
    }

    private static string[] Fault(string name, int value, int low, int high) =>
        value >= low && value <= high ? [] : [$"{name} is {value}; allowed are {low} to {high}."];
}
