namespace Osteon.Datasets;

/// <summary>Looks for the same picture under two names on two sides of a split, which no list of patients can tell.</summary>
public static class LeakProof
{
    /// <summary>A line for each picture that stands on two sides of a fold, as it is or all but the same; none is the proof.</summary>
    /// <param name="split">Of the cases.</param>
    /// <param name="digests">Of pixels, by case id; cases without one are not asked.</param>
    /// <param name="near">Pairs of ids whose pictures are all but the same.</param>
    public static IReadOnlyList<string> SharedPictures(Split split, IReadOnlyDictionary<string, string> digests, IReadOnlyList<IReadOnlyList<string>> near)
    {
        var lines = new List<string>();
        for (var i = 0; i < split.Folds.Count; i++)
        {
            var seen = new Dictionary<string, (string Id, string Side)>(StringComparer.Ordinal);
            var sides = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (side, ids) in new[] { ("test", split.Test), ("train", split.Folds[i].Train), ("validation", split.Folds[i].Validation) })
            {
                foreach (var id in ids)
                {
                    sides[id] = side;
                    if (digests.TryGetValue(id, out var digest) && !seen.TryAdd(digest, (id, side)) && seen[digest].Side != side)
                    {
                        lines.Add($"Fold {i}: cases '{seen[digest].Id}' in {seen[digest].Side} and '{id}' in {side} have the same picture.");
                    }
                }
            }

            lines.AddRange(near.Where(pair => sides.TryGetValue(pair[0], out var one) && sides.TryGetValue(pair[1], out var other) && one != other)
                .Select(pair => $"Fold {i}: cases '{pair[0]}' in {sides[pair[0]]} and '{pair[1]}' in {sides[pair[1]]} have all but the same picture."));
        }

        return lines;
    }
}
