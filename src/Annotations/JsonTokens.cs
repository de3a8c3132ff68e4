using System.Buffers.Text;
using System.Text.Json;
using Osteon.Abstractions;

namespace Osteon.Annotations;

/// <summary>
/// Walks over a JSON file of any length token by token, holding one block of it. Files with hundreds of thousands of annotations
/// have hundreds of megabytes, and nothing of that is wanted at once.
/// </summary>
public sealed class JsonTokens : IDisposable
{
    private const int Block = 1 << 18, LongestToken = 1 << 28, Deepest = 64;

    private readonly FileStream _stream;
    private readonly string _name;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = Deepest });
    private byte[] _buffer = new byte[Block];
    private long _base;                                             // the buffer's place in the file
    private int _begin, _end, _tokenBegin, _tokenEnd;
    private bool _last;

    /// <summary>Opens the file; a byte order mark is passed over.</summary>
    /// <param name="file">Where it lies.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="maxBytes">A longer file is refused.</param>
    /// <exception cref="DataException">It cannot be read, or is too long.</exception>
    public JsonTokens(string file, string name, long maxBytes)
    {
        _name = name;
        _stream = Guarded(() => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        if (_stream.Length > maxBytes)
        {
            var length = _stream.Length;
            _stream.Dispose();
            throw new DataException(name, $"has {length:N0} bytes; at most {maxBytes:N0} are read.");
        }

        Fill();
        _begin = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>The token last read.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>Objects and lists around it; those of a begin or end token count from outside.</summary>
    public int Depth { get; private set; }

    /// <summary>Where the token begins in the file, in bytes.</summary>
    public long Start => _base + _tokenBegin;

    /// <summary>Where it ends.</summary>
    public long End => _base + _tokenEnd;

    /// <summary>The next token; false at the end.</summary>
    /// <exception cref="DataException">The file is no JSON, or broken off.</exception>
    public bool Read()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_begin, _end - _begin), _last, _state);
            try
            {
                if (reader.Read())
                {
                    (Type, Depth, _state) = (reader.TokenType, reader.CurrentDepth, reader.CurrentState);
                    _tokenBegin = _begin + (int)reader.TokenStartIndex;
                    _begin += (int)reader.BytesConsumed;
                    _tokenEnd = _begin;
                    return true;
                }
            }
            catch (JsonException e)
            {
                throw new DataException(_name, $"is not JSON: {e.Message}", e);
            }

            if (_last)
            {
                return false;
            }

            _begin += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
            Fill();
        }
    }

    /// <summary>The next token, which must be there.</summary>
    public void Demand()
    {
        if (!Read())
        {
            throw new DataException(_name, "breaks off.");
        }
    }

    /// <summary>Passes over the value that begins with this token.</summary>
    public void Skip()
    {
        if (Type == JsonTokenType.PropertyName)
        {
            Demand();
        }

        var depth = Depth;
        if (Type is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            do
            {
                Demand();
            }
            while (Depth > depth);
        }
    }

    /// <summary>The keys of the object that begins with this token, one after another; with each, its value's first token has been read.</summary>
    /// <remarks>Whoever gets a key leaves the value as it is, or reads it to its end.</remarks>
    public IEnumerable<string> Keys()
    {
        var depth = Depth;
        while (true)
        {
            Demand();
            if (Depth == depth)
            {
                yield break;
            }

            var key = Text()!;
            Demand();
            var (type, value) = (Type, Start);
            yield return key;
            if (Start == value && Type == type)
            {
                Skip();
            }
        }
    }

    /// <summary>The items of the list that begins with this token, in turn; with each, its first token has been read.</summary>
    /// <remarks>As for <see cref="Keys"/>.</remarks>
    public IEnumerable<int> Items()
    {
        var depth = Depth;
        for (var index = 0; ; index++)
        {
            Demand();
            if (Depth == depth)
            {
                yield break;
            }

            var (type, value) = (Type, Start);
            yield return index;
            if (Start == value && Type == type)
            {
                Skip();
            }
        }
    }

    /// <summary>A string's or a key's text; null for other tokens.</summary>
    /// <exception cref="DataException">It is not Unicode.</exception>
    public string? Text()
    {
        if (Type is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            return null;
        }

        // A key's token ends behind its colon.
        var token = _buffer.AsSpan(_tokenBegin, _tokenEnd - _tokenBegin);
        var reader = new Utf8JsonReader(token[..(token.LastIndexOf((byte)'"') + 1)]);
        try
        {
            reader.Read();
            return reader.GetString();
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            throw new DataException(_name, $"holds text that is not Unicode: {e.Message}", e);
        }
    }

    /// <summary>A whole number, also written as 3.0; null for other tokens.</summary>
    public long? Whole() => Number() is { } number && number == Math.Floor(number) && Math.Abs(number) < 1e15 ? (long)number
        : Type == JsonTokenType.Number && Utf8Parser.TryParse(Token, out long exact, out var used) && used == Token.Length ? exact : null;

    /// <summary>A finite number; null for other tokens.</summary>
    public double? Number() => Type == JsonTokenType.Number && Utf8Parser.TryParse(Token, out double number, out var used) && used == Token.Length && double.IsFinite(number) ? number : null;

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> Token => _buffer.AsSpan(_tokenBegin, _tokenEnd - _tokenBegin);

    // What is not read yet moves to the front; a token longer than the block gets a larger one.
    private void Fill()
    {
        var rest = _end - _begin;
        if (rest == _buffer.Length)
        {
            if (rest >= LongestToken)
            {
                throw new DataException(_name, $"holds a text of more than {LongestToken:N0} bytes.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        Buffer.BlockCopy(_buffer, _begin, _buffer, 0, rest);
        _base += _begin;
        (_begin, _end) = (0, rest);
        var read = Guarded(() => _stream.ReadAtLeast(_buffer.AsSpan(rest), _buffer.Length - rest, throwOnEndOfStream: false));
        _last = read < _buffer.Length - rest;
        _end += read;
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(_name, e is FileNotFoundException or DirectoryNotFoundException ? "the file does not exist." : $"cannot be read: {e.Message}", e);
        }
    }
}
