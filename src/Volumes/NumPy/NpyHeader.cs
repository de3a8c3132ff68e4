using System.Globalization;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// The dictionary in front of an array: <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>. Read by this grammar
/// alone; nothing of it is ever evaluated. NumPy, numpy/lib/format.py, NEP 1.
/// </summary>
internal sealed record NpyHeader(NumberType Type, bool BigEndian, bool FirstFastest, int[] Shape)
{
    private const int MaxAxes = 32;                                 // NumPy's own bound

    public static NpyHeader Parse(string path, string text)
    {
        var reader = new Reader(path, text);
        string? descr = null;
        bool? order = null;
        int[]? shape = null;
        reader.Expect('{');
        while (!reader.Take('}'))
        {
            var key = reader.Text();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when descr is null:
                    descr = reader.Text();
                    break;
                case "fortran_order" when order is null:
                    order = reader.Truth();
                    break;
                case "shape" when shape is null:
                    shape = reader.Tuple();
                    break;
                default:
                    throw reader.Fault($"the key '{key}' is unknown or comes twice");
            }

            if (!reader.Take(','))
            {
                reader.Expect('}');
                break;
            }
        }

        reader.End();
        var (type, big) = Element(path, descr ?? throw reader.Fault("'descr' is missing"));
        return new NpyHeader(type, big, order ?? throw reader.Fault("'fortran_order' is missing"), shape ?? throw reader.Fault("'shape' is missing"));
    }

    /// <summary>As NumPy writes it, padded so that the numbers begin at a multiple of 64.</summary>
    public static byte[] Write(NumberArray array)
    {
        var kind = array.Type switch
        {
            NumberType.Boolean => "|b1",
            NumberType.Int8 => "|i1",
            NumberType.UInt8 => "|u1",
            NumberType.Half or NumberType.Single or NumberType.Double => $"<f{array.Type.Size()}",
            NumberType.Int16 or NumberType.Int32 or NumberType.Int64 => $"<i{array.Type.Size()}",
            _ => $"<u{array.Type.Size()}",
        };
        var shape = array.Shape.Count == 1 ? $"({array.Shape[0]},)" : array.ShapeText;
        var text = $"{{'descr': '{kind}', 'fortran_order': {(array.FirstFastest && array.Shape.Count > 1 ? "True" : "False")}, 'shape': {shape}, }}";
        var padded = (text.Length + 1 + 10 + 63) / 64 * 64;
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)(padded - 10), (byte)((padded - 10) >> 8), .. Encoding.ASCII.GetBytes(text.PadRight(padded - 11) + "\n")];
    }

    private static (NumberType Type, bool BigEndian) Element(string path, string descr)
    {
        var type = descr is ['<' or '>' or '|' or '=', ..] ? descr[1..] switch
        {
            "b1" or "?" => NumberType.Boolean,
            "i1" => NumberType.Int8,
            "u1" => NumberType.UInt8,
            "i2" => NumberType.Int16,
            "u2" => NumberType.UInt16,
            "i4" => NumberType.Int32,
            "u4" => NumberType.UInt32,
            "i8" => NumberType.Int64,
            "u8" => NumberType.UInt64,
            "f2" => NumberType.Half,
            "f4" => NumberType.Single,
            "f8" => NumberType.Double,
            _ => (NumberType?)null,
        }
        : null;
        return type is { } known
            ? (known, descr[0] == '>')
            : throw new DataException(path, descr.Contains('O', StringComparison.Ordinal)
                ? "it holds Python objects, which are pickles and never run; save a plain array of numbers."
                : $"its numbers are '{descr}'; booleans (b1), whole numbers (i1 … i8, u1 … u8) and floats (f2, f4, f8) are read.");
    }

    /// <summary>The grammar's tokens.</summary>
    private sealed class Reader(string path, string text)
    {
        private int _at;

        public DataException Fault(string what) => new(path, $"its header is not NumPy's: {what}. The file is damaged.");

        public bool Take(char wanted)
        {
            Skip();
            if (_at < text.Length && text[_at] == wanted)
            {
                _at++;
                return true;
            }

            return false;
        }

        public void Expect(char wanted)
        {
            if (!Take(wanted))
            {
                throw Fault($"'{wanted}' expected at character {_at}");
            }
        }

        public string Text()
        {
            Skip();
            var quote = _at < text.Length ? text[_at] : '\0';
            var end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
            if (end < 0)
            {
                throw Fault(quote is '[' ? "it has named fields (a structured array); save each field as an array of its own" : $"a text expected at character {_at}");
            }

            var value = text[(_at + 1)..end];
            _at = end + 1;
            return value;
        }

        public bool Truth()
        {
            Skip();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
            {
                if (string.CompareOrdinal(text, _at, word, 0, word.Length) == 0)
                {
                    _at += word.Length;
                    return value;
                }
            }

            throw Fault($"True or False expected at character {_at}");
        }

        public int[] Tuple()
        {
            var lengths = new List<int>();
            Expect('(');
            while (!Take(')'))
            {
                Skip();
                var end = _at;
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                {
                    end++;
                }

                if (!int.TryParse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || lengths.Count == MaxAxes)
                {
                    throw Fault($"a length from 0 to {int.MaxValue} expected at character {_at}, on at most {MaxAxes} axes");
                }

                lengths.Add(length);
                _at = end < text.Length && text[end] == 'L' ? end + 1 : end;    // Python 2's long
                if (!Take(','))
                {
                    Expect(')');
                    break;
                }
            }

            return [.. lengths];
        }

        public void End()
        {
            Skip();
            if (_at < text.Length)
            {
                throw Fault($"something follows it at character {_at}");
            }
        }

        private void Skip()
        {
            while (_at < text.Length && (text[_at] is ' ' or '\n' or '\t' or '\r'))
            {
                _at++;
            }
        }
    }
}
