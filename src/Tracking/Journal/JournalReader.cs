namespace Osteon.Tracking;

/// <summary>Reads a journal, also while it is being written: what is not whole yet is not there yet.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly FileStream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    private JournalReader(FileStream stream) => _stream = stream;

    /// <summary>Where the next record begins.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a journal; null where there is none, or no whole signature yet.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">The file is no journal, or of a version that is not known.</exception>
    public static JournalReader? Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var signature = new byte[RecordFrame.Signature.Length];
        var read = stream.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false);
        if (read == signature.Length && RecordFrame.Signature.SequenceEqual(signature))
        {
            return new JournalReader(stream) { Position = read };
        }

        stream.Dispose();
        return RecordFrame.Signature.StartsWith(signature.AsSpan(0, read)) ? null : throw new FormatException($"{path} is no journal of this version");
    }

    /// <summary>Goes on from a place that <see cref="Position"/> once was.</summary>
    public void Seek(long position)
    {
        Position = Math.Max(position, RecordFrame.Signature.Length);
        _start = _end = 0;
    }

    /// <summary>The next whole record; null at the end, be it clean or torn.</summary>
    public RunEvent? Next()
    {
        if (!Fill(RecordFrame.HeaderSize)
            || !RecordFrame.TryLength(_buffer.AsSpan(_start, _end - _start), out var length)
            || !Fill(RecordFrame.HeaderSize + length)
            || !RecordFrame.TryOpen(_buffer.AsSpan(_start, _end - _start), out var payload))
        {
            // It may be whole next time: nothing of it is kept.
            _start = _end = 0;
            return null;
        }

        var item = RecordCodec.Decode(payload);
        _start += RecordFrame.HeaderSize + length;
        Position += RecordFrame.HeaderSize + length;
        return item;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private bool Fill(int count)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length < count)
        {
            Array.Resize(ref _buffer, count);
        }

        while (_end < count)
        {
            var read = RandomAccess.Read(_stream.SafeFileHandle, _buffer.AsSpan(_end), Position + _end);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }
}
