using System.Text;
using Microsoft.Win32.SafeHandles;
using Osteon.Abstractions;

namespace Osteon.Models;

/// <summary>A stretch of a file, read forwards through a buffer; every read is bounded by the stretch.</summary>
internal sealed class PickleBytes(string path, SafeFileHandle file, long begin, long end)
{
    private const int LongestLine = 1024;
    private const int LongestValue = 16 << 20;
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _fetched = begin;
    private int _next, _count;

    public string Path => path;

    /// <summary>Where the next byte lies in the file.</summary>
    public long Position => _fetched - _count + _next;

    private long Left => end - Position;

    public byte Byte()
    {
        if (_next == _count)
        {
            Fetch(Position);
        }

        return _buffer[_next++];
    }

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > Left)
        {
            throw new DataException(path, $"is cut short or damaged: {count} bytes are wanted at byte {Position}, {Left} are left.");
        }

        if (count > LongestValue)
        {
            throw new DataException(path, $"holds a text or value of {count} bytes at byte {Position}; {LongestValue} are allowed.");
        }

        var bytes = new byte[count];
        var copied = 0;
        while (copied < bytes.Length)
        {
            if (_next == _count)
            {
                Fetch(Position);
            }

            var part = Math.Min(bytes.Length - copied, _count - _next);
            _buffer.AsSpan(_next, part).CopyTo(bytes.AsSpan(copied));
            (_next, copied) = (_next + part, copied + part);
        }

        return bytes;
    }

    /// <summary>Little-endian, 1 to 8 bytes, without sign.</summary>
    public ulong Integer(int bytes)
    {
        var value = 0UL;
        for (var i = 0; i < bytes; i++)
        {
            value |= (ulong)Byte() << (8 * i);
        }

        return value;
    }

    /// <summary>UTF-8 of so many bytes.</summary>
    public string Text(long count)
    {
        var at = Position;
        try
        {
            return s_utf8.GetString(Bytes(count));
        }
        catch (DecoderFallbackException e)
        {
            throw new DataException(path, $"is damaged: the text at byte {at} is no UTF-8.", e);
        }
    }

    /// <summary>ASCII up to a line feed, which is swallowed.</summary>
    public string Line()
    {
        var at = Position;
        var line = new StringBuilder();
        for (var b = Byte(); b != '\n'; b = Byte())
        {
            if (line.Length == LongestLine || b is < 32 or > 126)
            {
                throw new DataException(path, $"is damaged: the name at byte {at} is no line of ASCII of at most {LongestLine} letters.");
            }

            line.Append((char)b);
        }

        return line.ToString();
    }

    private void Fetch(long at)
    {
        var wanted = (int)Math.Min(_buffer.Length, end - at);
        var read = wanted <= 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(0, wanted), at);
        if (read == 0)
        {
            throw new DataException(path, $"is cut short: a byte is wanted at {at}, where it ends.");
        }

        (_fetched, _next, _count) = (at + read, 0, read);
    }
}
