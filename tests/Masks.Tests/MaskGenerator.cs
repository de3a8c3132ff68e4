using FsCheck;
using FsCheck.Fluent;

namespace Osteon.Masks.Tests;

/// <summary>Masks of many textures: mostly unset, mostly set, speckled, long runs; frames that are no multiple of any vector.</summary>
internal static class MaskGenerator
{
    public static Arbitrary<Mask> One { get; } = Several(1).Generator.Select(masks => masks[0]).ToArbitrary();

    public static Arbitrary<Mask[]> Pair { get; } = Several(2);

    /// <summary>Masks of one frame.</summary>
    public static Arbitrary<Mask[]> Several(int count) =>
        (from height in Gen.Choose(1, 24)
         from width in Gen.Choose(1, 150)
         from texture in Gen.Choose(0, 4).ArrayOf(count)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         select texture.Select((t, i) => Draw(new Frame(height, width), t, seed, i)).ToArray()).ToArbitrary();

    /// <summary>Masks as an ensemble's: one run a line with borders a few pixels apart, and here and there a line without it or with two.</summary>
    public static Arbitrary<Mask[]> Ensemble(int count) =>
        (from height in Gen.Choose(1, 60)
         from seed in Gen.Choose(0, int.MaxValue - 1)
         from odd in Gen.Elements(0.0, 0.02, 0.2)
         select Enumerable.Range(0, count).Select(i => DrawMember(new Frame(height, 64), new Random(unchecked(seed + (i * 7919))), odd)).ToArray()).ToArbitrary();

    private static Mask DrawMember(Frame frame, Random random, double odd)
    {
        var pixels = new byte[frame.Area];
        for (var y = 0; y < frame.Height; y++)
        {
            var line = pixels.AsSpan(y * frame.Width, frame.Width);
            var kind = random.NextDouble() < odd ? random.Next(3) : 3;
            if (kind > 0)
            {
                line[random.Next(10, 20)..random.Next(40, 50)].Fill(1);
                line[kind == 1 ? 30 : 0] = 0;
                line[63] = kind == 2 ? (byte)1 : (byte)0;
            }
        }

        return Slow.Runs(pixels, frame);
    }

    private static Mask Draw(Frame frame, int texture, int seed, int index)
    {
        var random = new Random(unchecked(seed + (index * 7919)));
        var change = texture switch { 0 => 0, 1 => 0.5, 2 => 0.03, 3 => 0.2, _ => 0.003 };
        var pixels = new byte[frame.Area];
        var value = (byte)random.Next(2);
        for (var i = 0; i < pixels.Length; i++)
        {
            value ^= random.NextDouble() < change ? (byte)1 : (byte)0;
            pixels[i] = value;
        }

        return Slow.Runs(pixels, frame);
    }
}

/// <summary>The same answers by the plainest loops over pixels.</summary>
internal static class Slow
{
    public static Mask Runs(byte[] pixels, Frame frame)
    {
        var runs = new List<Run>();
        for (var i = 0; i < pixels.Length; i++)
        {
            if (pixels[i] != 0)
            {
                var start = i;
                while (i < pixels.Length && pixels[i] != 0)
                {
                    i++;
                }

                runs.Add(new Run(start, i - start));
            }
        }

        return new Mask(frame, [.. runs]);
    }

    public static Mask Vote(IReadOnlyList<Mask> masks, int minVotes)
    {
        var votes = new int[masks[0].Frame.Area];
        foreach (var mask in masks)
        {
            foreach (var run in mask.Runs)
            {
                for (var i = run.Start; i < run.End; i++)
                {
                    votes[i]++;
                }
            }
        }

        return Runs(votes.Select(v => v >= minVotes ? (byte)1 : (byte)0).ToArray(), masks[0].Frame);
    }

    public static Mask Transpose(Mask mask)
    {
        var (height, width) = mask.Frame;
        var (from, to) = (mask.ToDense(), new byte[height * width]);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                to[(x * height) + y] = from[(y * width) + x];
            }
        }

        return Runs(to, new Frame(width, height));
    }
}
