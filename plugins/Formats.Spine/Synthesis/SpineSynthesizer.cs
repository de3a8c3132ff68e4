using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Plugins.Spine;

/// <summary>What <see cref="SpineSynthesizer"/> makes.</summary>
public sealed record SpineSynthesizerOptions
{
    /// <summary>Labelled training images, of a patient each.</summary>
    [Range(1, 9000)]
    public int Patients { get; init; } = 20;

    /// <summary>Test images in test_img and test_label.</summary>
    [Range(0, 900)]
    public int TestPatients { get; init; } = 4;

    /// <summary>Height of the images in pixels; their width is 0.8 of it.</summary>
    [Range(64, 4096)]
    public int Size { get; init; } = 512;

    /// <summary>Another seed, other people.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>
/// Radiographs of lumbar spines that never were, in the layout of the spine challenge: 12-bit DICOM files, every fourth MONOCHROME1, and
/// packed .mat stacks of six vertebrae and background.
/// </summary>
[Synthesizer("spine")]
public sealed class SpineSynthesizer(SpineSynthesizerOptions options) : Synthesizer
{
    private const int Bodies = 6, White = 4095;

    /// <inheritdoc/>
    public override void Synthesize(string folder, IProgress<(int Done, int Total)> progress, CancellationToken cancellation)
    {
        var total = options.Patients + options.TestPatients;
        var done = 0;
        Parallel.For(0, total, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            Make(folder, i, test: i >= options.Patients);
            progress.Report((Interlocked.Increment(ref done), total));
        });
    }

    private void Make(string folder, int index, bool test)
    {
        var frame = new Frame(options.Size, Math.Max(1, options.Size * 4 / 5));
        var spine = Column(RandomStream.For(options.Seed, "spine", "anatomy", index));
        var number = (index + 1).ToString(CultureInfo.InvariantCulture);
        var random = RandomStream.For(options.Seed, "spine", "patient", index);
        var inverted = index % 4 == 3;
        var (pixels, stack) = Draw(frame, spine, RandomStream.For(options.Seed, "spine", "look", index), inverted);
        DicomImageWriter.Write(Path.Combine(folder, test ? "test_img" : "img", number + ".dcm"), new DicomImage
        {
            Frame = frame,
            Pixels = pixels,
            Inverted = inverted,
            ImagerPixelSpacing = (300.0 / frame.Height, 300.0 / frame.Height),
            BodyPart = "LSPINE",
            PatientId = $"SYN{number}",
            Sex = random.NextInt(2) == 0 ? "F" : "M",
            Age = 18 + random.NextInt(65),
            SopInstance = "2.25." + ((UInt128)RandomStream.KeyOf(options.Seed, "spine", "uid", index)).ToString(CultureInfo.InvariantCulture),
        });
        MatWriter.Write(Path.Combine(folder, test ? "test_label" : "label", number + ".mat"), ("label_separated", stack));
    }

    /// <summary>Bodies from the top down along a curve; each is a little larger than the one above.</summary>
    private static Vertebra[] Column(RandomStream random)
    {
        var bodies = new Vertebra[Bodies];
        var (size, lordosis, lean) = (random.NextDouble(0.9, 1.1), random.NextDouble(0.04, 0.13), random.NextDouble(-0.06, 0.06));
        var y = random.NextDouble(0.1, 0.14);
        for (var k = 0; k < Bodies; k++)
        {
            var half = size * (0.05 + (0.003 * k)) * random.NextDouble(0.96, 1.04);
            y += half;
            var share = y - 0.5;
            var x = 0.38 + (lean * share * 2) + (lordosis * (1 - (4 * share * share))) - (lordosis / 2);
            var slope = (2 * lean) - (8 * lordosis * share) + random.NextDouble(-0.03, 0.03);
            bodies[k] = new Vertebra(new Vector2((float)x, (float)y), Vector2.Normalize(new Vector2((float)slope, 1)), (float)(half * random.NextDouble(1.35, 1.5)), (float)half);
            y += half + (size * random.NextDouble(0.016, 0.024));
        }

        return bodies;
    }

    private static (ushort[] Pixels, NumberArray Stack) Draw(Frame frame, Vertebra[] spine, RandomStream look, bool inverted)
    {
        var (height, width) = (frame.Height, frame.Width);
        var plane = height * width;
        var pixels = new ushort[plane];
        var labels = new byte[plane * (Bodies + 1)];                // first axis fastest, as MATLAB keeps it
        var (gain, flesh, tilt) = (look.NextDouble(0.9, 1.2), look.NextDouble(0.35, 0.5), look.NextDouble(-0.1, 0.1));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var point = new Vector2((x + 0.5f) / height, (y + 0.5f) / height);
                var bone = 0.0;
                var any = false;
                for (var k = 0; k < Bodies; k++)
                {
                    // A bright wall around spongy bone.
                    var depth = spine[k].Depth(point);
                    var cover = Math.Clamp((depth * height) + 0.5, 0, 1);
                    bone += cover * (0.55 + (0.5 * Math.Exp(-depth * 70)));
                    if (depth > 0)
                    {
                        labels[(k * plane) + (x * height) + y] = 1;
                        any = true;
                    }
                }

                labels[(Bodies * plane) + (x * height) + y] = any ? (byte)0 : (byte)1;
                var (u, v) = ((point.X - 0.4) / 0.42, (point.Y - 0.5) / 0.75);
                var body = flesh * Math.Sqrt(Math.Max(0, 1 - (u * u) - (v * v))) * (1 + (tilt * (point.Y - 0.5)));
                var grey = 1 - Math.Exp(-gain * ((1.5 * body) + (0.7 * bone)));
                var value = (int)Math.Clamp(((0.04 + (0.9 * grey)) * White) + (look.NextGaussian() * (25 + (60 * (1 - grey)))), 0, White);
                pixels[(y * width) + x] = (ushort)(inverted ? White - value : value);
            }
        }

        return (pixels, new NumberArray(NumberType.UInt8, [height, width, Bodies + 1], firstFastest: true, labels));
    }
}
