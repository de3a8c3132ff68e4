using System.Globalization;
using Osteon.Masks;

namespace Osteon.Voting;

/// <summary>
/// Predictions of a hand-bone test set that differ as those of an ensemble do: each class one blob of about 300 scan lines,
/// its border moved by each member by up to three pixels, now and then an island, a split line or no mask at all.
/// </summary>
internal static class SyntheticSubmissions
{
    public const int Images = 288;
    public const int Classes = 29;
    public static readonly Frame Frame = new(2048, 2048);

    public static string[] Write(string folder, int members)
    {
        Directory.CreateDirectory(folder);
        var paths = Enumerable.Range(1, members).Select(m => Path.Combine(folder, $"member-{m}.csv")).ToArray();
        for (var m = 0; m < members; m++)
        {
            if (File.Exists(paths[m]))
            {
                continue;
            }

            using (var stream = new FileStream(paths[m] + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            using (var writer = new SubmissionWriter(stream))
            {
                for (var row = 0; row < Images * Classes; row++)
                {
                    var image = string.Create(CultureInfo.InvariantCulture, $"image{1661319116107L + (row / Classes * 7919)}.png");
                    writer.Write(image, string.Create(CultureInfo.InvariantCulture, $"finger-{(row % Classes) + 1}"), Draw(row, m));
                }
            }

            File.Move(paths[m] + ".tmp", paths[m]);
        }

        return paths;
    }

    public static Mask Draw(int row, int member)
    {
        var shape = new Stream64((ulong)row * 1000);
        var jitter = new Stream64(((ulong)row * 1000) + 1 + (ulong)member);
        if (jitter.Below(200) == 0)
        {
            return Mask.Empty(Frame);
        }

        var height = 130 + shape.Below(320);
        var width = 30 + shape.Below(160);
        var top = 20 + shape.Below(2048 - height - 40);
        var left = 200.0 + shape.Below(2048 - width - 400);
        var lean = (shape.Below(200) - 100) / 300.0;
        var island = jitter.Below(20) == 0;
        var runs = new List<Run>(height + 8);
        var (moveLeft, moveRight) = (0, 0);
        for (var y = 0; y < height; y++)
        {
            moveLeft = Math.Clamp(moveLeft + jitter.Below(3) - 1, -3, 3);
            moveRight = Math.Clamp(moveRight + jitter.Below(3) - 1, -3, 3);
            var across = ((2.0 * y) + 1 - height) / height;
            var half = Math.Max(4, width / 2.0 * Math.Sqrt(1 - (across * across)));
            var middle = left + (width / 2.0) + (lean * y);
            var from = Math.Max(1, (int)(middle - half) + moveLeft);
            var until = Math.Min(2000, (int)(middle + half) + moveRight);
            var line = (top + y) * 2048;
            if (until - from > 20 && jitter.Below(25) == 0)
            {
                var split = from + 5 + jitter.Below(until - from - 12);
                runs.Add(new Run(line + from, split - from));
                runs.Add(new Run(line + split + 2, until - split - 2));
            }
            else if (until > from)
            {
                runs.Add(new Run(line + from, until - from));
            }

            if (island && y < 8)
            {
                runs.Add(new Run(line + 2010, 6));
            }
        }

        return new Mask(Frame, [.. runs]);
    }

    /// <summary>SplitMix64; the same on every machine and runtime.</summary>
    private sealed class Stream64(ulong state)
    {
        private ulong _state = state;

        public int Below(int bound)
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return (int)((z ^ (z >> 31)) >> 33) % bound;
        }
    }
}
