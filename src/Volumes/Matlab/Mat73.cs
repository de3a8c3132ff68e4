using System.Globalization;
using System.Text;
using Osteon.Abstractions;

namespace Osteon.Volumes;

/// <summary>A variable of a 7.3 file, and what its numbers are on disk, which need not be its class.</summary>
internal sealed record Mat73Variable(MatVariable About, NumberType? Type);

/// <summary>Version 7.3: HDF5, whose axes stand in the other order on disk; the decoder turns them back.</summary>
internal static class Mat73
{
    private const int MaxListing = 1 << 20, MaxAxes = 32;

    public static IReadOnlyList<Mat73Variable> List(string path)
    {
        var listing = Encoding.UTF8.GetString(Decoder.Run(path, ["matlab", Path.GetFullPath(path)], default, MaxListing));
        return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 5)).Where(words => words.Length == 5 && words[4].Length > 0)
            .Select(words => new Mat73Variable(About(path, words, words[4]), TypeOf(words[2])))];
    }

    public static NumberArray Read(string path, Mat73Variable variable)
    {
        var about = variable.About;
        var type = variable.Type ?? throw new DataException(path, $"its variable {about} is stored as no kind of numbers that is read: the file is damaged.");
        var needed = MatFile.Count(path, about.Shape, type.Size()) * type.Size();
        var (words, numbers) = Decoder.Split(path, Decoder.Run(path, ["matlab", Path.GetFullPath(path), about.Name, needed.ToString(CultureInfo.InvariantCulture)], default, needed));
        return words.Length == 4 && TypeOf(words[2]) == type && numbers.Length == needed && About(path, words, about.Name).Shape.SequenceEqual(about.Shape)
            ? new NumberArray(type, about.Shape, firstFastest: true, numbers)
            : throw new DataException(path, $"its variable {about} would take {needed:N0} bytes and has {numbers.Length:N0}: the file is damaged.");
    }

    private static NumberType? TypeOf(string code) => code switch
    {
        "i1" => NumberType.Int8,
        "u1" => NumberType.UInt8,
        "i2" => NumberType.Int16,
        "u2" => NumberType.UInt16,
        "i4" => NumberType.Int32,
        "u4" => NumberType.UInt32,
        "i8" => NumberType.Int64,
        "u8" => NumberType.UInt64,
        "f4" => NumberType.Single,
        "f8" => NumberType.Double,
        _ => null,
    };

    private static MatVariable About(string path, string[] words, string name)
    {
        var axes = words[3].Split('x', StringSplitOptions.RemoveEmptyEntries);
        var shape = new int[axes.Length <= MaxAxes ? axes.Length : throw new DataException(path, $"its variable {name} has {axes.Length} axes: the file is damaged.")];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = int.TryParse(axes[i], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                ? length
                : throw new DataException(path, $"its variable {name} has an axis of {axes[i]}: the file is damaged.");
        }

        return new MatVariable(name, words[0], shape, words[1] == "complex");
    }
}
