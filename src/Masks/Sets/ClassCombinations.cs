using System.Numerics;

namespace Osteon.Masks;

/// <summary>
/// Which classes stand on a pixel together, over any number of images, and what follows for formats that give a pixel one label: whether classes overlap,
/// whether each overlap is one class inside another, and which classes can share a map. Not safe for several threads.
/// </summary>
/// <param name="classes">1 to 64.</param>
public sealed class ClassCombinations(int classes)
{
    // Colourings tried at most; beyond, the best so far stands. Data sets of the field need a few dozen.
    private const int Patience = 5_000;

    private readonly Dictionary<ulong, long> _areas = [];

    /// <summary>Classes, as many as a mask list has to have.</summary>
    public int Classes { get; } = classes is >= 1 and <= LabelMap.MaxClasses ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, $"1 to {LabelMap.MaxClasses} classes fit into a word.");

    /// <summary>Pixels by the word of their classes, bit k = class k; 0 is no class.</summary>
    public IReadOnlyDictionary<ulong, long> Areas => _areas;

    /// <summary>Counts one image.</summary>
    /// <param name="masks">A mask a class, all of one frame.</param>
    /// <exception cref="ArgumentException">Their number or frames do not fit.</exception>
    public void Add(IReadOnlyList<Mask> masks)
    {
        if (masks.Count != Classes || masks.Any(m => m.Frame != masks[0].Frame))
        {
            throw new ArgumentException($"{Classes} masks of one frame were expected.", nameof(masks));
        }

        var edges = new (int At, int Class)[2 * masks.Sum(m => m.Runs.Length)];
        var count = 0;
        for (var k = 0; k < masks.Count; k++)
        {
            foreach (var run in masks[k].Runs)
            {
                edges[count++] = (run.Start, k);
                edges[count++] = (run.End, k);
            }
        }

        Array.Sort(edges, static (a, b) => a.At.CompareTo(b.At));
        var (word, from) = (0ul, 0);
        foreach (var (at, k) in edges)
        {
            Count(word, at - from);
            word ^= 1ul << k;
            from = at;
        }

        Count(word, masks[0].Frame.Area - from);
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(ClassCombinations other)
    {
        foreach (var (word, area) in other._areas)
        {
            Count(word, area);
        }
    }

    /// <summary>Pixels that carry both classes; with one class twice, its own.</summary>
    public long Together(int a, int b) => _areas.Where(w => Has(w.Key, a) && Has(w.Key, b)).Sum(w => w.Value);

    /// <summary>True when two classes share a pixel anywhere.</summary>
    public bool Overlap(int a, int b) => a != b && _areas.Keys.Any(w => Has(w, a) && Has(w, b));

    /// <summary>True when every pixel of <paramref name="inner"/>, of which there are some, is one of <paramref name="outer"/> too.</summary>
    public bool IsWithin(int inner, int outer) => _areas.Keys.Any(w => Has(w, inner)) && _areas.Keys.All(w => !Has(w, inner) || Has(w, outer));

    /// <summary>True when no two classes share a pixel.</summary>
    public bool AreDisjoint => _areas.Keys.All(w => BitOperations.PopCount(w) < 2);

    /// <summary>True when of any two classes that share a pixel one lies inside the other, everywhere.</summary>
    public bool AreNested => Pairs.All(p => !Overlap(p.A, p.B) || IsWithin(p.A, p.B) || IsWithin(p.B, p.A));

    /// <summary>Classes that share no pixel with one another, group by group: as few groups as there can be. The same counts give the same groups.</summary>
    /// <returns>Classes of each group in their order; groups in the order of their first class.</returns>
    /// <remarks>A colouring of the graph of overlaps: Brélaz 1979, doi:10.1145/359094.359101, which colours first what has the most differently coloured neighbours; then
    /// backtracking for fewer colours.</remarks>
    public IReadOnlyList<IReadOnlyList<int>> Groups()
    {
        var neighbours = new bool[Classes, Classes];
        foreach (var (a, b) in Pairs.Where(p => Overlap(p.A, p.B)))
        {
            neighbours[a, b] = neighbours[b, a] = true;
        }

        var colours = new Colouring(neighbours, Classes, Patience).Best();
        return [.. Enumerable.Range(0, Classes).GroupBy(k => colours[k]).OrderBy(g => g.First()).Select(g => (IReadOnlyList<int>)[.. g])];
    }

    private IEnumerable<(int A, int B)> Pairs => from a in Enumerable.Range(0, Classes) from b in Enumerable.Range(a + 1, Classes - a - 1) select (a, b);

    private static bool Has(ulong word, int k) => (word >> k & 1) != 0;

    private void Count(ulong word, long area)
    {
        if (area > 0)
        {
            _areas[word] = _areas.GetValueOrDefault(word) + area;
        }
    }

    /// <summary>Colours a graph so that neighbours differ.</summary>
    private sealed class Colouring
    {
        private readonly bool[,] _neighbours;
        private readonly int[] _nodes, _now;
        private readonly int _clique;
        private int[] _best;
        private int _fewest, _steps;

        public Colouring(bool[,] neighbours, int count, int patience)
        {
            (_neighbours, _fewest, _steps) = (neighbours, count + 1, patience);
            _nodes = [.. Enumerable.Range(0, count)];
            _now = [.. _nodes.Select(_ => -1)];
            _best = _nodes;
            _clique = _nodes.Max(Clique);
        }

        public int[] Best()
        {
            Colour(coloured: 0, used: 0);
            return _best;
        }

        // Depth first; the first descent is Brélaz's own colouring. As few colours as a clique has nodes cannot be fewer.
        private void Colour(int coloured, int used)
        {
            if (used >= _fewest || _fewest == _clique || (_steps-- <= 0 && _fewest <= _nodes.Length))
            {
                return;
            }

            if (coloured == _nodes.Length)
            {
                (_fewest, _best) = (used, [.. _now]);
                return;
            }

            var next = _nodes.Where(k => _now[k] < 0).OrderByDescending(Saturation).ThenByDescending(Degree).ThenBy(k => k).First();
            for (var colour = 0; colour <= used && colour + 1 < _fewest; colour++)
            {
                if (_nodes.All(k => !_neighbours[next, k] || _now[k] != colour))
                {
                    _now[next] = colour;
                    Colour(coloured + 1, Math.Max(used, colour + 1));
                    _now[next] = -1;
                }
            }
        }

        private int Saturation(int k) => _nodes.Where(n => _neighbours[k, n] && _now[n] >= 0).Select(n => _now[n]).Distinct().Count();

        private int Degree(int k) => _nodes.Count(n => _neighbours[k, n]);

        private int Clique(int start)
        {
            var members = new List<int> { start };
            foreach (var k in _nodes.OrderByDescending(Degree))
            {
                if (members.All(m => _neighbours[m, k]))
                {
                    members.Add(k);
                }
            }

            return members.Count;
        }
    }
}
