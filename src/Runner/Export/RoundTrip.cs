using System.Globalization;
using System.Text.Json.Nodes;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What came back of a written data set: per class the pixels of both over the pixels of either, over all cases.</summary>
/// <param name="classes">In channel order.</param>
public sealed class RoundTrip(IReadOnlyList<string> classes)
{
    private readonly long[] _both = new long[classes.Count], _either = new long[classes.Count];
    private readonly Lock _lock = new();
    private (double IoU, string Case, int Class) _worst = (double.PositiveInfinity, string.Empty, -1);
    private int _cases;

    /// <summary>The least IoU of one class of one case; 1 where nothing is labelled.</summary>
    public double Worst => _worst.Class < 0 ? 1 : _worst.IoU;

    /// <summary>Over all classes and cases; 1 where nothing is labelled.</summary>
    public double Overall => _either.Sum() == 0 ? 1 : (double)_both.Sum() / _either.Sum();

    /// <summary>Compares one case. From several threads.</summary>
    /// <param name="name">The case's.</param>
    /// <param name="written">A mask a class.</param>
    /// <param name="back">The same as it was read again; null where a class is gone.</param>
    public void Add(string name, IReadOnlyList<Mask> written, IReadOnlyList<Mask?> back)
    {
        var counts = written.Select((mask, k) =>
        {
            var both = back[k] is { } other && other.Frame == mask.Frame ? MaskMetrics.Intersection(mask, other) : 0;
            return (Both: both, Either: mask.Area + (back[k]?.Area ?? 0) - both);
        }).ToArray();
        lock (_lock)
        {
            _cases++;
            for (var k = 0; k < counts.Length; k++)
            {
                _both[k] += counts[k].Both;
                _either[k] += counts[k].Either;
                var iou = counts[k].Either == 0 ? double.PositiveInfinity : (double)counts[k].Both / counts[k].Either;

                // Of equals the first by name, so that threads change nothing.
                if (iou < _worst.IoU || (iou == _worst.IoU && _worst.Class >= 0 && (string.CompareOrdinal(name, _worst.Case), k).CompareTo((0, _worst.Class)) < 0))
                {
                    _worst = (iou, name, k);
                }
            }
        }
    }

    /// <summary>For people: a line a class that lost something, or one for all.</summary>
    public IEnumerable<string> Lines()
    {
        var width = classes.Max(c => c.Length);
        if (Worst < 1)
        {
            for (var k = 0; k < classes.Count; k++)
            {
                yield return $"  {classes[k].PadRight(width)}  IoU {Text(k)}";
            }
        }

        yield return $"Round trip: IoU {Number(Overall)} over {_cases} labelled cases and {classes.Count} classes{(Worst < 1 ? $"; the worst is {Number(_worst.IoU)}, {classes[_worst.Class]} of {_worst.Case}" : ", every pixel the same")}";
    }

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["iou"] = Overall,
        ["worst"] = Worst == 1 ? null : new JsonObject { ["iou"] = _worst.IoU, ["case"] = _worst.Case, ["class"] = classes[_worst.Class] },
        ["classes"] = new JsonObject(classes.Select((c, k) => KeyValuePair.Create(c, _either[k] == 0 ? null : (JsonNode?)((double)_both[k] / _either[k])))),
    };

    private string Text(int k) => _either[k] == 0 ? "–" : Number((double)_both[k] / _either[k]);

    // 0.99999 must not read as 1.
    private static string Number(double iou) => iou == 1 ? "1" : Math.Min(iou, 0.999999).ToString("0.000000", CultureInfo.InvariantCulture);
}
