using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;

namespace Osteon.Tracking.Tests;

public sealed class JournalTests : IDisposable
{
    private readonly TrackingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_checksum_is_castagnolis()
    {
        // RFC 3720, B.4: 32 bytes of zeros give 8A9136AA. Here the four bytes of the length come first.
        byte[] frame = [.. new byte[RecordFrame.HeaderSize], .. new byte[28]];
        RecordFrame.Seal(frame);
        Assert.Equal(Reference([28, 0, 0, 0, .. new byte[28]]), BitConverter.ToUInt32(frame, 4));
        Assert.Equal(0x8A9136AAu, Reference(new byte[32]));
    }

    [Fact]
    public void Any_event_comes_back() => Prop.ForAll(ArbMap.Default.ArbFor<(string, string, double, long)>(), value =>
    {
        var (a, b, number, whole) = (Legible(value.Item1), Legible(value.Item2), value.Item3, value.Item4);
        RunEvent[] all =
        [
            new ParamEvent(a, b), new MetricEvent(a, number, whole, whole ^ 7), new TagEvent(b, a), new DatasetEvent(a, b, a, b), new ArtifactEvent(a, b, whole),
            new EndEvent(RunStatus.Killed, whole),
        ];
        var buffer = Array.Empty<byte>();
        foreach (var item in all)
        {
            var size = RecordCodec.Encode(item, ref buffer);
            Assert.True(RecordFrame.TryOpen(buffer.AsSpan(0, size), out var payload));
            Assert.Equal(item, RecordCodec.Decode(payload));
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    public void A_beginning_comes_back_with_its_tags(string experiment)
    {
        var start = new StartEvent("a", "b", "c", "d", "e", 7, "f", "", new Dictionary<string, string> { ["x"] = "y", ["ü"] = "🦴" }) { ExperimentId = experiment };
        var buffer = Array.Empty<byte>();
        var size = RecordCodec.Encode(start, ref buffer);
        Assert.True(RecordFrame.TryOpen(buffer.AsSpan(0, size), out var payload));
        var back = Assert.IsType<StartEvent>(RecordCodec.Decode(payload));
        Assert.Equal(start.Tags, back.Tags);
        Assert.Equal(start with { Tags = back.Tags }, back);
    }

    [Fact]
    public void Wherever_a_journal_is_torn_the_records_before_are_whole()
    {
        var (folder, ends) = Write(20);
        var bytes = File.ReadAllBytes(folder.Journal);
        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(folder.Journal, bytes[..length]);
            Assert.Equal(ends.Count(e => e <= length), Read(folder));
        }
    }

    [Fact]
    public void A_flipped_bit_ends_the_journal_before_its_record()
    {
        var (folder, ends) = Write(20);
        var bytes = File.ReadAllBytes(folder.Journal);
        var chance = RandomStream.For(7, "flip");
        for (var i = 0; i < 300; i++)
        {
            var damaged = (byte[])bytes.Clone();
            var at = 8 + chance.NextInt(bytes.Length - 8);
            damaged[at] ^= (byte)(1 << chance.NextInt(8));
            File.WriteAllBytes(folder.Journal, damaged);
            Assert.Equal(ends.Count(e => e <= at), Read(folder));
        }
    }

    [Fact]
    public void A_length_out_of_all_bounds_costs_no_memory()
    {
        var (folder, _) = Write(1);
        File.WriteAllBytes(folder.Journal, [.. RecordFrame.Signature, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0]);
        Assert.Equal(0, Read(folder));
    }

    [Fact]
    public void A_file_of_another_kind_is_no_journal()
    {
        var (folder, _) = Write(1);
        File.WriteAllText(folder.Journal, "something else entirely");
        Assert.Throws<FormatException>(() => JournalReader.Open(folder.Journal));
    }

    [Fact]
    public void Many_threads_write_whole_records()
    {
        var folder = new RunFolder(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")));
        using var writer = new JournalWriter(folder, _ => { });
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, t =>
        {
            for (var i = 0; i < 1000; i++)
            {
                writer.Append(new MetricEvent($"m{t}", i, i, 0));
            }
        });
        using var reader = JournalReader.Open(folder.Journal)!;
        var next = new int[4];
        while (reader.Next() is MetricEvent metric)
        {
            Assert.Equal(next[metric.Key[1] - '0']++, metric.Step);
        }

        Assert.Equal([1000, 1000, 1000, 1000], next);
    }

    [Fact]
    public void What_a_full_disk_refused_is_written_when_there_is_room_again()
    {
        var warnings = new List<string>();
        var place = Path.Combine(_folder.Path, "away");
        File.WriteAllText(place, "a file where a folder is to be");
        var folder = new RunFolder(Path.Combine(place, Guid.NewGuid().ToString("N")));
        using var writer = new JournalWriter(folder, warnings.Add);
        for (var i = 0; i < 100; i++)
        {
            writer.Append(new MetricEvent("loss", i, i, 0));
        }

        Assert.False(writer.Sync());
        Assert.Equal(100, writer.Unwritten);
        Assert.Single(warnings);
        File.Delete(place);
        Assert.True(writer.Sync());
        Assert.Equal(0, writer.Unwritten);
        Assert.Equal(100, Read(folder));
    }

    [Fact]
    public void On_a_disk_that_is_full_from_the_start_memory_stays_bounded()
    {
        var place = Path.Combine(_folder.Path, "away");
        File.WriteAllText(place, "");
        using var writer = new JournalWriter(new RunFolder(Path.Combine(place, Guid.NewGuid().ToString("N"))), _ => { });
        var value = new string('x', 900_000);
        for (var i = 0; i < 60; i++)
        {
            writer.Append(new TagEvent("note", value));
        }

        Assert.Equal(60, writer.Unwritten);
        Assert.True(writer.End <= JournalWriter.MostWaiting + 8);
    }

    private (RunFolder Folder, List<long> Ends) Write(int count)
    {
        var folder = new RunFolder(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N")));
        using var writer = new JournalWriter(folder, _ => { });
        var ends = new List<long>();
        for (var i = 0; i < count; i++)
        {
            writer.Append(i % 3 == 0 ? new ParamEvent($"p{i}", new string('x', i)) : new MetricEvent("loss", 1.0 / (i + 1), i, 5));
            ends.Add(writer.End);
        }

        return (folder, ends);
    }

    private static int Read(RunFolder folder)
    {
        using var reader = JournalReader.Open(folder.Journal);
        var count = 0;
        while (reader?.Next() is not null)
        {
            count++;
        }

        return count;
    }

    // A lone surrogate is no text, and UTF-8 has no bytes for it.
    private static string Legible(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    // Bit by bit, reflected polynomial 0x82F63B78.
    private static uint Reference(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
