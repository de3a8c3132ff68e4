using System.Buffers;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Osteon.Runner.Configuration;

/// <summary>
/// Turns YAML into nodes with their places, straight from the parser's events: depth and size are bounded while reading, so that
/// neither deep nesting nor aliases of aliases cost more than a message.
/// </summary>
internal sealed class YamlReader
{
    private const int MaxDepth = 32;
    private const int MaxSize = 20_000;

    private static readonly SearchValues<char> Control =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(c => char.IsControl(c) && c is not '\t' and not '\n' and not '\r' and not '\u0085')]);

    private readonly string _text;
    private readonly Parser _parser;
    private readonly Func<YamlDotNet.Core.Mark, Mark> _mark;
    private readonly Faults _faults;
    private readonly Dictionary<AnchorName, Node> _anchors = [];
    private int _size;

    private YamlReader(string text, Func<YamlDotNet.Core.Mark, Mark> mark, Faults faults) =>
        (_text, _parser, _mark, _faults) = (text, new Parser(new StringReader(text)), mark, faults);

    /// <summary>Reads a file's text; null, and a fault, when it is not YAML.</summary>
    public static Node? ReadFile(string text, string place, Faults faults) =>
        new YamlReader(text, m => new Mark(place, (int)m.Line, (int)m.Column), faults).Document();

    /// <summary>Reads a value given on the command line.</summary>
    public static Node? ReadValue(string text, Mark mark, Faults faults) => new YamlReader(text, _ => mark, faults).Document();

    private Node? Document()
    {
        // YAML has no control characters; the parser takes a zero for the end of the file, and terminals take others for orders.
        var at = _text.AsSpan().IndexOfAny(Control);
        if (at >= 0)
        {
            var before = _text[..at];
            _faults.Add(_mark(new YamlDotNet.Core.Mark(0, before.Count(c => c == '\n') + 1, before.Length - before.LastIndexOf('\n'))), string.Empty,
                $"not readable as YAML: holds the control character U+{(int)_text[at]:X4}. Remove it; in double quotes it is written \\x{(int)_text[at]:X2}.");
            return null;
        }

        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.TryConsume<StreamEnd>(out var end))
            {
                return new MapNode(_mark(end.Start), []);
            }

            _parser.Consume<DocumentStart>();
            var root = Read(0);
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
            {
                throw new YamlException(second.Start, second.End, "a second document begins here; a file holds one. Remove the '---'");
            }

            return root;
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The parser meets some broken flow collections with exceptions that are not its own and have no place.
            var place = e is YamlException { Start.Line: var line } known && (line > 1 || known.Start.Column > 1) ? known.Start : _parser.Current?.End ?? default;
            var reason = e is YamlException ? (e.InnerException ?? e).Message.TrimEnd('.') : "brackets or quotes do not match";
            (place, reason) = Tab() is { } tab ? (tab, "indented by a tab") : (place, reason);
            _faults.Add(_mark(place), string.Empty, $"not readable as YAML: {reason}. Indent by spaces, and quote text that holds ': ', '#', '{{' or '['.");
            return null;
        }
    }

    /// <summary>The first tab that indents: the parser complains of it in other words and elsewhere.</summary>
    private YamlDotNet.Core.Mark? Tab()
    {
        var number = 0;
        foreach (var line in _text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..(line.Length - line.TrimStart().Length)];
            if (indent.Length < line.Length && indent.IndexOf('\t') is var at and >= 0)
            {
                return new YamlDotNet.Core.Mark(0, number, at + 1);
            }
        }

        return null;
    }

    private Node Read(int depth)
    {
        var next = _parser.Current ?? throw new YamlException("the file ends too early");
        if (depth > MaxDepth || _size > MaxSize)
        {
            throw new YamlException(next.Start, next.End, depth > MaxDepth
                ? $"nested deeper than {MaxDepth} levels"
                : $"more than {MaxSize} values, counting each use of an alias");
        }

        _parser.MoveNext();
        if (next is AnchorAlias alias)
        {
            var meant = _anchors.GetValueOrDefault(alias.Value)
                ?? throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} has no anchor &{alias.Value} above it");
            _size += meant.Size;
            return meant;
        }

        _size++;
        var node = next as NodeEvent ?? throw new YamlException(next.Start, next.End, "a value was expected");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            _faults.Add(_mark(node.Start), string.Empty, $"tag {node.Tag} has no meaning in an experiment. Remove it; quote text that begins with '!'.");
        }

        Node read = node switch
        {
            Scalar scalar => new ScalarNode(_mark(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => List(node, depth),
            _ => Map(node, depth),
        };
        if (!node.Anchor.IsEmpty)
        {
            _anchors[node.Anchor] = read;
        }

        return read;
    }

    private ListNode List(NodeEvent start, int depth)
    {
        List<Node> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Read(depth + 1));
        }

        return new ListNode(_mark(start.Start), items);
    }

    private MapNode Map(NodeEvent start, int depth)
    {
        List<Entry> entries = [];
        Dictionary<string, Mark?> seen = [];
        List<Entry> merged = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                var found = _parser.Current!;
                throw new YamlException(found.Start, found.End, "a key must be text");
            }

            var mark = _mark(key.Start);
            var value = Read(depth + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
            {
                merged.AddRange(Merged(value));
            }
            else if (!seen.TryAdd(key.Value, mark))
            {
                _faults.Add(mark, string.Empty, $"key '{key.Value}' appears twice; first in {seen[key.Value]}. Keep one of them.");
            }
            else
            {
                entries.Add(new Entry(key.Value, mark, value));
            }
        }

        entries.AddRange(merged.Where(m => seen.TryAdd(m.Key, m.KeyMark)));
        // The parser gives the one pair in [Name: value] no place of its own.
        return new MapNode(start.Start.Index == 0 && entries.Count > 0 ? entries[0].KeyMark : _mark(start.Start), entries);
    }

    /// <summary>What <c>&lt;&lt;: *anchor</c> brings in; the mapping's own keys win over it.</summary>
    private IEnumerable<Entry> Merged(Node value)
    {
        var maps = value is ListNode list ? list.Items : [value];
        foreach (var map in maps)
        {
            if (map is not MapNode)
            {
                _faults.Add(value.Mark, string.Empty, $"'<<' merges mappings, but here is {map.Found}. Write '<<: *anchor'.");
            }
        }

        return maps.OfType<MapNode>().SelectMany(m => m.Entries);
    }
}
