namespace Osteon.Plugins.HandBone;

/// <summary>The outermost pixels of a shape as a closed chain of neighbours, which is what the labelling tool of the real data writes.</summary>
internal static class BoundaryChain
{
    /// <summary>Clockwise from the west, y down.</summary>
    private static readonly (int X, int Y)[] Around = [(-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1)];

    /// <summary>Walks around the shape (Moore's neighbours, stopped as by Jacob); filling the chain by OpenCV's rule gives the shape again.</summary>
    /// <returns>Pixels (x, y), at least three: a shape of one or two repeats the first.</returns>
    public static List<(int X, int Y)> Trace(BoneField field)
    {
        var start = Start(field);
        var chain = new List<(int X, int Y)> { start };
        var second = Next(field, start, back: 0);
        for (var step = second; step is { } s; step = Next(field, s.At, s.Back))
        {
            if (s.At == start && Next(field, s.At, s.Back)?.At == second!.Value.At)
            {
                break;
            }

            chain.Add(s.At);
        }

        while (chain.Count < 3)
        {
            chain.Add(start);
        }

        return chain;
    }

    /// <summary>The first pixel of the shape clockwise from neighbour <paramref name="back"/>, and the empty one seen before it, as the new pixel sees it.</summary>
    private static ((int X, int Y) At, int Back)? Next(BoneField field, (int X, int Y) from, int back)
    {
        for (var i = 0; i < 8; i++)
        {
            var direction = (back + i) % 8;
            var at = (from.X + Around[direction].X, from.Y + Around[direction].Y);
            if (field.Holds(at.Item1, at.Item2))
            {
                return (at, (direction + (direction % 2 == 0 ? 6 : 5)) % 8);
            }
        }

        return null;
    }

    /// <summary>The western edge of the shape in the row of its deepest pixel: crumbs that a coarse grid cuts off are not the bone.</summary>
    private static (int X, int Y) Start(BoneField field)
    {
        var (deepest, x, y) = (0f, -1, -1);
        for (var row = 0; row < field.Height; row++)
        {
            var distances = field.Row(row);
            for (var column = 0; column < distances.Length; column++)
            {
                if (distances[column] > deepest)
                {
                    (deepest, x, y) = (distances[column], field.Left + column, field.Top + row);
                }
            }
        }

        if (x < 0)
        {
            throw new InvalidOperationException("The bone covers no pixel of the image.");
        }

        while (field.Holds(x - 1, y))
        {
            x--;
        }

        return (x, y);
    }
}
