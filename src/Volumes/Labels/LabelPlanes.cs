using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Volumes;

/// <summary>Turns planes of numbers into labelled pixels, by what the options say of their values.</summary>
public static class LabelPlanes
{
    private const int MostTold = 8;

    /// <summary>A map: one number a pixel, which names a class.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="options">What values mean.</param>
    /// <param name="frame">The image's.</param>
    /// <param name="plane">Row by row, as many numbers as the frame has pixels.</param>
    /// <returns>A mask for each class that has pixels.</returns>
    /// <exception cref="DataException">Values mean nothing: they are listed.</exception>
    public static IReadOnlyList<Annotation> OfMap(string path, PairedOptions options, Frame frame, ReadOnlySpan<double> plane)
    {
        var classes = options.ClassNames;
        var classOf = options.Values.Count > 0
            ? options.Values.ToDictionary(v => (double)v.Value, v => IndexOf(classes, v.Key))
            : [];
        var nothing = options.Ignore.Select(v => (double)v).Append(0).Except(classOf.Keys).ToHashSet();
        var runs = classes.Select(_ => new List<Run>()).ToArray();
        var unknown = new SortedDictionary<double, int>();
        for (int start = 0, end; start < plane.Length; start = end)
        {
            var value = plane[start];
            for (end = start + 1; end < plane.Length && plane[end].Equals(value); end++)
            {
            }

            if (classOf.TryGetValue(value, out var k) || (options.Values.Count == 0 && value != 0 && double.IsFinite(value)))
            {
                runs[k].Add(runs[k].Count > 0 && runs[k][^1].End == start ? Pop(runs[k], end - start) : new Run(start, end - start));
            }
            else if (!nothing.Contains(value))
            {
                unknown[value] = unknown.GetValueOrDefault(value) + end - start;
            }
        }

        return unknown.Count == 0
            ? Masks(classes, frame, runs)
            : throw new DataException(path, $"{unknown.Count} label value(s) have no meaning: {string.Join(", ", unknown.Take(MostTold).Select(u => FormattableString.Invariant($"{u.Key} ({u.Value} pixels)")))}{(unknown.Count > MostTold ? ", …" : string.Empty)}. "
                + $"Given are {string.Join(", ", options.Values.OrderBy(v => v.Value).Select(v => $"{v.Key}: {v.Value}").DefaultIfEmpty("none"))}. Name them in values or ignore.");
    }

    /// <summary>A stack: a plane of its own for each class, so that classes may overlap.</summary>
    /// <param name="path">For errors.</param>
    /// <param name="channels">Names, as many as the last axis is long.</param>
    /// <param name="frame">The image's; the first two axes must be its height and width.</param>
    /// <param name="stack">(rows, columns, channels), 0 or one other number in all of it.</param>
    /// <returns>A mask for each channel that has pixels.</returns>
    /// <exception cref="DataException">The shape is another, or there are more than two numbers in it: a network's targets would leave [0, 1].</exception>
    public static IReadOnlyList<Annotation> OfStack(string path, IReadOnlyList<string> channels, Frame frame, NumberArray stack)
    {
        if (stack.Shape is not [var height, var width, var count] || height != frame.Height || width != frame.Width || count != channels.Count)
        {
            throw new DataException(path, $"its labels are {stack.ShapeText}; the image and the classes ask for ({frame.Height}, {frame.Width}, {channels.Count}): rows, columns, channels.");
        }

        var set = 0.0;
        var runs = channels.Select(_ => new List<Run>()).ToArray();
        for (var k = 0; k < count; k++)
        {
            var plane = stack.Plane(0, 1, 0, 0, k);
            for (var i = 0; i < plane.Length; i++)
            {
                if (plane[i] == 0)
                {
                    continue;
                }

                set = set == 0 ? plane[i] : set;
                if (plane[i] != set)
                {
                    throw new DataException(path, FormattableString.Invariant($"its label planes hold {set} and {plane[i]}; beside 0 there may be one number, which marks the class's pixels."));
                }

                runs[k].Add(runs[k].Count > 0 && runs[k][^1].End == i ? Pop(runs[k], 1) : new Run(i, 1));
            }
        }

        return Masks(channels, frame, runs);
    }

    /// <summary>The stack that a challenge asks for: uint8 [row, column, channel], 0 or 1, at the masks' own size.</summary>
    /// <param name="masks">A mask a channel, all of one frame.</param>
    public static NumberArray ToStack(IReadOnlyList<Mask> masks)
    {
        var frame = masks[0].Frame;
        var bytes = new byte[checked((long)frame.Height * frame.Width * masks.Count)];
        for (var k = 0; k < masks.Count; k++)
        {
            if (masks[k].Frame != frame)
            {
                throw new ArgumentException($"Mask {k} is {masks[k].Frame}, the first {frame}.", nameof(masks));
            }

            foreach (var run in masks[k].Runs)
            {
                for (long i = run.Start; i < run.End; i++)
                {
                    bytes[(i * masks.Count) + k] = 1;
                }
            }
        }

        return new NumberArray(NumberType.UInt8, [frame.Height, frame.Width, masks.Count], firstFastest: false, bytes);
    }

    private static Run Pop(List<Run> runs, int more)
    {
        var last = runs[^1];
        runs.RemoveAt(runs.Count - 1);
        return new Run(last.Start, last.Length + more);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name) => Enumerable.Range(0, names.Count).First(i => names[i] == name);

    private static IReadOnlyList<Annotation> Masks(IReadOnlyList<string> classes, Frame frame, List<Run>[] runs) =>
        [.. classes.Select((name, k) => (name, k)).Where(c => runs[c.k].Count > 0).Select(c => new MaskAnnotation(c.name, new Mask(frame, [.. runs[c.k]])))];
}
