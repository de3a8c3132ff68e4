using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;

namespace Osteon.LoaderBenchmarks;

/// <summary>Eight made-up radiographs with 29 overlapping ellipses, as a case store and as NumPy's files for the peer.</summary>
internal static class Cases
{
    private const int Count = 8, Side = 1024, Classes = 29;

    public static CaseStore Make(string folder)
    {
        var store = Path.Combine(folder, "store");
        if (!File.Exists(Path.Combine(store, "cases.json")))
        {
            var writer = new CaseStoreWriter(store, [.. Enumerable.Range(0, Classes).Select(k => $"bone-{k}")]);
            writer.Finish([.. Enumerable.Range(0, Count).Select(i => Write(writer, folder, i))]);
        }

        return CaseStore.Open(store);
    }

    private static StoredCase Write(CaseStoreWriter writer, string folder, int i)
    {
        var frame = new Frame(Side, Side);
        var (image, words, masks) = (new Image(frame), new LabelMap(frame, Classes), new byte[Classes * frame.Area]);
        var random = RandomStream.For(7, "case", i);
        var bones = Enumerable.Range(0, Classes).Select(_ => (
            Y: random.NextDouble(150, 870), X: random.NextDouble(150, 870), B: random.NextDouble(40, 120), A: random.NextDouble(20, 60))).ToArray();
        for (var at = 0; at < frame.Area; at++)
        {
            var (y, x, level) = (at / Side, at % Side, 30);
            var word = 0u;
            for (var k = 0; k < Classes; k++)
            {
                if ((((y - bones[k].Y) / bones[k].B) is var v) && (((x - bones[k].X) / bones[k].A) is var u) && (u * u) + (v * v) < 1)
                {
                    word |= 1u << k;
                    masks[(k * frame.Area) + at] = 1;
                    level += 60;
                }
            }

            words.Words<uint>()[at] = word;
            image.Bytes[at] = (byte)Math.Min(level + random.NextInt(24), 255);
        }

        Npy(Path.Combine(folder, $"case{i}.image.npy"), $"({Side}, {Side})", image.Bytes);
        Npy(Path.Combine(folder, $"case{i}.masks.npy"), $"({Classes}, {Side}, {Side})", masks);
        var stored = new StoredCase(new CaseSource($"case{i}", $"patient{i}", Subset.Train, $"{i}.png", $"{i}.json"), frame, frame, Labelled: true);
        writer.Write(stored, image, words, words.ToMasks());
        return stored;
    }

    private static void Npy(string path, string shape, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var header = $"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}";
        header = header.PadRight(128 - 10 - 1) + "\n";
        using var stream = File.Create(path);
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0]);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(header));
        stream.Write(bytes);
    }
}
