namespace Osteon.Masks;

/// <summary>Takes the wrong pixels of a case apart: what kind they are of, and whether they lie at a border or away from it.</summary>
/// <remarks>
/// <para>A pixel is wrong for a class that only one of truth and prediction has there. Where both lack one another's, that is where some class is missed and some
/// other is extra, all of them count as <see cref="ErrorKind.WrongLabel"/>; elsewhere a missed class is <see cref="ErrorKind.UnderSegmentation"/> and an extra one
/// <see cref="ErrorKind.OverSegmentation"/>. So a class's counts add up to its missed and extra pixels, whether classes overlap or not; a pixel taken for
/// another class counts once for each of the two.</para>
/// <para>The distance of a missed pixel is that to the nearest pixel outside of its class's truth, of an extra pixel that to the nearest one of it: 1 right at the border. The
/// frame's edge is no border; where the truth has none, because the class is absent or everywhere, everything is far.</para>
/// </remarks>
public static class ErrorAnalysis
{
    /// <summary>Counts of each class, in the order of the masks.</summary>
    /// <param name="truth">One mask a class; they may overlap.</param>
    /// <param name="predicted">The same classes.</param>
    /// <exception cref="ArgumentException">Not as many masks, or frames differ.</exception>
    public static IReadOnlyList<ErrorCounts> Of(IReadOnlyList<Mask> truth, IReadOnlyList<Mask> predicted)
    {
        ErrorCounts[] counts = [.. truth.Select(_ => new ErrorCounts())];
        foreach (var wrong in Parts(truth, predicted))
        {
            foreach (var band in wrong.Bands().CountBy(b => b.Band))
            {
                counts[wrong.Class].Count(wrong.Kind, band.Key, band.Value);
            }
        }

        return counts;
    }

    /// <summary>Where the wrong pixels lie: a mask for each kind and band, kind by kind, the nearest band first.</summary>
    /// <remarks>A pixel is in one of them at most: of classes that are wrong there, the one farthest from its border says the band.</remarks>
    /// <param name="truth">One mask a class; they may overlap.</param>
    /// <param name="predicted">The same classes.</param>
    /// <exception cref="ArgumentException">Not as many masks, or frames differ.</exception>
    public static IReadOnlyList<(ErrorKind Kind, int Band, Mask Pixels)> Places(IReadOnlyList<Mask> truth, IReadOnlyList<Mask> predicted)
    {
        if (truth.Count == 0)
        {
            return [];
        }

        // Kinds are the same for all classes of a pixel, so that the larger code is the farther band.
        var codes = new byte[truth[0].Frame.Area];
        foreach (var wrong in Parts(truth, predicted))
        {
            var first = 1 + ((int)wrong.Kind * ErrorCounts.Bands);
            foreach (var (pixel, band) in wrong.Bands())
            {
                codes[pixel] = Math.Max(codes[pixel], (byte)(first + band));
            }
        }

        var runs = new List<Run>[1 + (ErrorCounts.Kinds.Count * ErrorCounts.Bands)];
        for (var start = 0; start < codes.Length;)
        {
            var length = codes.AsSpan(start).IndexOfAnyExcept(codes[start]);
            length = length < 0 ? codes.Length - start : length;
            (runs[codes[start]] ??= []).Add(new Run(start, length));
            start += length;
        }

        return [.. from kind in ErrorCounts.Kinds
                   from band in Enumerable.Range(0, ErrorCounts.Bands)
                   select (kind, band, new Mask(truth[0].Frame, [.. runs[1 + ((int)kind * ErrorCounts.Bands) + band] ?? []]))];
    }

    private static IEnumerable<Part> Parts(IReadOnlyList<Mask> truth, IReadOnlyList<Mask> predicted)
    {
        if (truth.Count != predicted.Count)
        {
            throw new ArgumentException($"{truth.Count} masks of the truth and {predicted.Count} predicted; they must be of the same classes.", nameof(predicted));
        }

        if (truth.Count == 0)
        {
            yield break;
        }

        Mask[] missed = [.. truth.Zip(predicted, (t, p) => t.Subtract(p))];
        Mask[] extra = [.. truth.Zip(predicted, (t, p) => p.Subtract(t))];
        var confused = VoteSweep.Vote(missed, minVotes: 1).Intersect(VoteSweep.Vote(extra, minVotes: 1));
        for (var k = 0; k < truth.Count; k++)
        {
            yield return new Part(k, ErrorKind.WrongLabel, missed[k].Intersect(confused), truth[k], Inside: true);
            yield return new Part(k, ErrorKind.UnderSegmentation, missed[k].Subtract(confused), truth[k], Inside: true);
            yield return new Part(k, ErrorKind.WrongLabel, extra[k].Intersect(confused), truth[k], Inside: false);
            yield return new Part(k, ErrorKind.OverSegmentation, extra[k].Subtract(confused), truth[k], Inside: false);
        }
    }

    /// <summary>Wrong pixels of a class that are all missed, or all extra, and of one kind.</summary>
    private sealed record Part(int Class, ErrorKind Kind, Mask Wrong, Mask Truth, bool Inside)
    {
        /// <summary>Each pixel's linear index in the frame and its band.</summary>
        public IEnumerable<(int Pixel, int Band)> Bands()
        {
            if (Truth.IsEmpty || Truth.Area == Truth.Frame.Area || Wrong.IsEmpty)
            {
                return Pixels(Wrong).Select(pixel => (pixel, ErrorCounts.Bands - 1));
            }

            // The nearest pixel beyond a border is never outside of the box: pulled back to the box's margin, it would be unset still and nearer.
            var box = SurfaceBox.Around(Truth, Wrong).Within(Truth.Frame);
            var (beyond, drawn) = (box.Draw(Truth), box.Draw(Wrong));
            var (from, to) = (new List<int>(), new List<int>());
            for (var i = 0; i < beyond.Length; i++)
            {
                if (beyond[i] != 0 != Inside)
                {
                    to.Add(i);
                }

                if (drawn[i] != 0)
                {
                    from.Add(i);
                }
            }

            return from.Zip(NearestDistances.Between(box, from, to, Spacing.Pixels),
                (at, distance) => (((box.Top + (at / box.Width)) * Truth.Frame.Width) + box.Left + (at % box.Width), ErrorCounts.BandOf(distance)));
        }

        private static IEnumerable<int> Pixels(Mask mask)
        {
            for (var r = 0; r < mask.Runs.Length; r++)
            {
                for (var pixel = mask.Runs[r].Start; pixel < mask.Runs[r].End; pixel++)
                {
                    yield return pixel;
                }
            }
        }
    }
}
