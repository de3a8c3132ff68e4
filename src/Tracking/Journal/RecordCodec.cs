using System.Buffers.Binary;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Tracking;

/// <summary>Events as bytes: a kind, then the event's values in order; strings as UTF-8 after their length in 4 bytes.</summary>
internal static class RecordCodec
{
    private enum Kind : byte
    {
        Start = 1,
        Param = 2,
        Metric = 3,
        Tag = 4,
        Dataset = 5,
        Artifact = 6,
        End = 7,
    }

    /// <summary>A whole frame, sealed, in the buffer's first bytes.</summary>
    /// <param name="item">The event.</param>
    /// <param name="buffer">Grown when it is too small.</param>
    /// <returns>The frame's length.</returns>
    public static int Encode(RunEvent item, ref byte[] buffer)
    {
        var writer = new Writer(buffer);
        switch (item)
        {
            case MetricEvent metric:
                writer.Kind(Kind.Metric).Text(metric.Key).Number(BitConverter.DoubleToInt64Bits(metric.Value)).Number(metric.Step).Number(metric.Time);
                break;
            case ParamEvent param:
                writer.Kind(Kind.Param).Text(param.Key).Text(param.Value);
                break;
            case TagEvent tag:
                writer.Kind(Kind.Tag).Text(tag.Key).Text(tag.Value);
                break;
            case DatasetEvent dataset:
                writer.Kind(Kind.Dataset).Text(dataset.Name).Text(dataset.Digest).Text(dataset.Source).Text(dataset.Context);
                break;
            case ArtifactEvent artifact:
                writer.Kind(Kind.Artifact).Text(artifact.Staged).Text(artifact.Target).Number(artifact.Size);
                break;
            case EndEvent end:
                writer.Kind(Kind.End).Number((long)end.Status).Number(end.Time);
                break;
            case StartEvent start:
                writer.Kind(Kind.Start).Text(start.RunId).Text(start.Destination).Text(start.Experiment).Text(start.Name).Text(start.User)
                    .Number(start.Time).Text(start.Parent).Text(start.Existing).Number(start.Tags.Count);
                foreach (var (key, value) in start.Tags)
                {
                    writer.Text(key).Text(value);
                }

                // Behind what earlier versions wrote, whose journals are read too.
                if (start.ExperimentId.Length > 0)
                {
                    writer.Text(start.ExperimentId);
                }

                break;
        }

        return writer.Seal(out buffer);
    }

    /// <summary>The event in a payload.</summary>
    /// <exception cref="FormatException">The payload was written by something else; its checksum is right all the same.</exception>
    public static RunEvent Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new Reader(payload[1..]);
        RunEvent item = (Kind)payload[0] switch
        {
            Kind.Start => Start(ref reader),
            Kind.Param => new ParamEvent(reader.Text(), reader.Text()),
            Kind.Metric => new MetricEvent(reader.Text(), BitConverter.Int64BitsToDouble(reader.Number()), reader.Number(), reader.Number()),
            Kind.Tag => new TagEvent(reader.Text(), reader.Text()),
            Kind.Dataset => new DatasetEvent(reader.Text(), reader.Text(), reader.Text(), reader.Text()),
            Kind.Artifact => new ArtifactEvent(reader.Text(), reader.Text(), reader.Number()),
            Kind.End => new EndEvent((RunStatus)reader.Number(), reader.Number()),
            var kind => throw new FormatException($"kind {kind}"),
        };
        return reader.IsAtEnd ? item : throw new FormatException("bytes are left over");
    }

    private static StartEvent Start(ref Reader reader)
    {
        var (id, destination, experiment, name, user) = (reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text());
        var (time, parent, existing, count) = (reader.Number(), reader.Text(), reader.Text(), reader.Number());
        var tags = new Dictionary<string, string>();
        for (var i = 0L; i < count; i++)
        {
            var key = reader.Text();
            tags[key] = reader.Text();
        }

        return new StartEvent(id, destination, experiment, name, user, time, parent, existing, tags) { ExperimentId = reader.IsAtEnd ? string.Empty : reader.Text() };
    }

    private sealed class Writer(byte[] buffer)
    {
        private byte[] _buffer = buffer;
        private int _at = RecordFrame.HeaderSize;

        public Writer Kind(Kind kind)
        {
            Room(1)[0] = (byte)kind;
            _at++;
            return this;
        }

        public Writer Number(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
            _at += sizeof(long);
            return this;
        }

        public Writer Text(string text)
        {
            var room = Room(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
            var length = Encoding.UTF8.GetBytes(text, room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(room, length);
            _at += sizeof(int) + length;
            return this;
        }

        public int Seal(out byte[] buffer)
        {
            RecordFrame.Seal(_buffer.AsSpan(0, _at));
            buffer = _buffer;
            return _at;
        }

        private Span<byte> Room(int size)
        {
            if (_buffer.Length - _at < size)
            {
                Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _at + size));
            }

            return _buffer.AsSpan(_at);
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public string Text() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)))));

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > _rest.Length)
            {
                throw new FormatException("a value is cut off");
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}
