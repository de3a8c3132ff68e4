using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>
/// MATLAB files of version 4 (Level 4), 5 to 7 (Level 5, packed or not) and 7.3 (HDF5). Level 4 and 5 are read here; HDF5 by
/// its own library, in a process of its own. The MathWorks, MAT-File Format, 2023.
/// </summary>
public static class MatFile
{
    /// <summary>What the file holds, in its order.</summary>
    /// <exception cref="DataException">The file is missing, damaged, or no MATLAB file.</exception>
    public static IReadOnlyList<MatVariable> List(string path) => KindOf(path, out var bytes) switch
    {
        MatKind.Level4 => [.. Mat4.Walk(path, bytes).Select(v => v.About)],
        MatKind.Level5 => [.. Mat5.Walk(path, bytes).Select(v => v.About)],
        _ => [.. Mat73.List(path).Select(v => v.About)],
    };

    /// <summary>Reads a variable of real numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The variable.</param>
    /// <returns>
    /// Its numbers, first axis fastest as MATLAB keeps them, in the type they have on disk: MATLAB stores small whole doubles as bytes.
    /// </returns>
    /// <exception cref="DataException">There is no such variable (those present are listed), it is no full array of real numbers, or the file is damaged.</exception>
    public static NumberArray Read(string path, string name)
    {
        switch (KindOf(path, out var bytes))
        {
            case MatKind.Level4:
                var four = Chosen(path, name, [.. Mat4.Walk(path, bytes)], v => v.About);
                return four.Read(path, bytes);
            case MatKind.Level5:
                var five = Chosen(path, name, [.. Mat5.Walk(path, bytes)], v => v.About);
                return Mat5.Read(path, five);
            default:
                return Mat73.Read(path, Chosen(path, name, Mat73.List(path), v => v.About));
        }
    }

    /// <summary>Product of an array's axes, refused before anything is allocated for it.</summary>
    internal static long Count(string path, IReadOnlyList<int> shape, int size)
    {
        var count = shape.Aggregate((UInt128)1, (product, length) => product > long.MaxValue ? product : product * (ulong)length);
        return count * (UInt128)size <= BoundedFile.MaxBytes
            ? (long)count
            : throw new DataException(path, $"a variable of {NumberArray.TextOf(shape)} numbers takes more than the {BoundedFile.MaxBytes:N0} bytes that are read; the file is damaged, or too large.");
    }

    private static T Chosen<T>(string path, string name, IReadOnlyList<T> present, Func<T, MatVariable> about)
    {
        var found = present.FirstOrDefault(v => about(v).Name == name);
        if (found is null)
        {
            throw new DataException(path, $"it has no variable '{name}'; there are {string.Join(", ", present.Select(v => about(v).ToString()).DefaultIfEmpty("none"))}.");
        }

        return about(found).IsReadable
            ? found
            : throw new DataException(path, $"its variable {about(found)} is no full array of real numbers{(about(found).Class == "sparse" ? "; save full(…) of it" : string.Empty)}.");
    }

    private static MatKind KindOf(string path, out byte[] bytes)
    {
        bytes = BoundedFile.Read(path);
        if (bytes.Length < 20)
        {
            throw new DataException(path, $"it has {bytes.Length} bytes; this is no MATLAB file.");
        }

        // HDF5's signature stands after a user block of 0, 512, 1024, … bytes; MATLAB leaves 512.
        ReadOnlySpan<byte> signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
        if (bytes.AsSpan().StartsWith(signature) || (bytes.Length > 520 && bytes.AsSpan(512).StartsWith(signature)))
        {
            return MatKind.Hdf5;
        }

        // Level 4 begins with a number of few digits, which has a zero among its bytes; Level 5 with text.
        return bytes.AsSpan(0, 4).Contains((byte)0) ? MatKind.Level4
            : bytes.Length >= 128 && bytes.AsSpan(126, 2) is ([(byte)'I', (byte)'M'] or [(byte)'M', (byte)'I']) ? MatKind.Level5
            : throw new DataException(path, "it begins neither as a MATLAB file of version 4 to 7 nor as HDF5 (version 7.3).");
    }

    private enum MatKind
    {
        Level4,
        Level5,
        Hdf5,
    }
}
