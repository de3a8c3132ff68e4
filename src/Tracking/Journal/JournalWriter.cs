using Microsoft.Win32.SafeHandles;

namespace Osteon.Tracking;

/// <summary>
/// Appends to a run's journal from any thread. A call costs one write into the system's cache, so that a kill of the process loses
/// nothing; <see cref="Sync"/> makes it last through a power cut. When the disk is full or the folder not writable, events wait in
/// memory, the run goes on, and <see cref="Sync"/> tries again.
/// </summary>
/// <param name="folder">The run's; made when the first event is written.</param>
/// <param name="warn">Told when writing fails, once, and when it works again.</param>
internal sealed class JournalWriter(RunFolder folder, Action<string> warn) : IDisposable
{
    /// <summary>Bytes of events kept in memory while the disk refuses them.</summary>
    public const int MostWaiting = 32 << 20;

    private readonly Lock _gate = new();
    private readonly Lock _syncing = new();
    private readonly Queue<byte[]> _waiting = new();
    private byte[] _frame = new byte[512];
    private FileStream? _lock;
    private SafeFileHandle? _file;
    private long _length;
    private long _synced;
    private long _waitingBytes;
    private long _dropped;
    private bool _failing;
    private bool _closed;

    /// <summary>Bytes written and waiting: where a reader stands that has seen everything.</summary>
    public long End
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_length, RecordFrame.Signature.Length) + _waitingBytes;
            }
        }
    }

    /// <summary>Events that are nowhere but in memory, or lost.</summary>
    public long Unwritten
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _dropped;
            }
        }
    }

    /// <summary>Writes an event. Never throws.</summary>
    public void Append(RunEvent item)
    {
        string? failure = null;
        lock (_gate)
        {
            var size = RecordCodec.Encode(item, ref _frame);
            if (_closed || size - RecordFrame.HeaderSize > RecordFrame.LongestPayload)
            {
                _dropped++;
                return;
            }

            // Nothing comes after the end, however many threads log.
            _closed = item is EndEvent;
            if (_failing)
            {
                Wait(size);
                return;
            }

            try
            {
                Write(_frame.AsSpan(0, size));
            }
            catch (Exception error)
            {
                _failing = true;
                Wait(size);
                failure = error.Message;
            }
        }

        if (failure is not null)
        {
            warn($"tracking: {folder.Journal} cannot be written ({failure}). The run goes on; writing is tried again until it ends.");
        }
    }

    /// <summary>Tries what waits once more, and makes the journal last. Never throws.</summary>
    /// <returns>False while events wait.</returns>
    public bool Sync()
    {
        lock (_syncing)
        {
            long length;
            SafeFileHandle? file;
            bool mended;
            lock (_gate)
            {
                if (!TryWaiting(out mended))
                {
                    return false;
                }

                (length, file) = (_length, _file);
            }

            if (mended)
            {
                warn($"tracking: {folder.Journal} is written again.");
            }

            if (file is not null && length != _synced)
            {
                try
                {
                    RandomAccess.FlushToDisk(file);
                    _synced = length;
                }
                catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
                {
                    // The bytes are in the system's cache; the next call tries again.
                }
            }

            return true;
        }
    }

    /// <summary>Tells other machines, which cannot ask for our process, that the run lives.</summary>
    public void Beat(DateTime now)
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                try
                {
                    File.SetLastWriteTimeUtc(_lock.SafeFileHandle, now);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
                {
                    // A sign of life that cannot be given stops nothing.
                }
            }
        }
    }

    /// <summary>Lets go of the file and the folder.</summary>
    public void Dispose()
    {
        Sync();
        lock (_syncing)
        {
            lock (_gate)
            {
                _closed = true;
                _file?.Dispose();
                _lock?.Dispose();
                (_file, _lock) = (null, null);
            }
        }
    }

    private void Wait(int size)
    {
        if (_waitingBytes + size > MostWaiting)
        {
            _dropped++;
            return;
        }

        _waiting.Enqueue(_frame.AsSpan(0, size).ToArray());
        _waitingBytes += size;
    }

    private bool TryWaiting(out bool mended)
    {
        mended = false;
        if (!_failing)
        {
            return true;
        }

        try
        {
            while (_waiting.TryPeek(out var frame))
            {
                Write(frame);
                _waiting.Dequeue();
                _waitingBytes -= frame.Length;
            }

            mended = true;
            _failing = false;
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    // At the place the last whole record ended: what a failed write left there is overwritten.
    private void Write(ReadOnlySpan<byte> frame)
    {
        Open();
        RandomAccess.Write(_file!, frame, _length);
        _length += frame.Length;
    }

    private void Open()
    {
        if (_file is not null)
        {
            return;
        }

        _lock ??= folder.TryLock() ?? throw new IOException($"{folder.FullPath} belongs to another process");
        var handle = File.OpenHandle(folder.Journal, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(handle, RecordFrame.Signature, 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        _file = handle;
        _length = RecordFrame.Signature.Length;
    }
}
