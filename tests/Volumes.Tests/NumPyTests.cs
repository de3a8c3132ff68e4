using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Testing;

namespace Osteon.Volumes.Tests;

public sealed class NumPyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-npy-").FullName;

    public static TheoryData<string, string> Refused => new()
    {
        { "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects" },
        { "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "named fields" },
        { "{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }", "its numbers are '<U3'" },
        { "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "its numbers are '<c8'" },
        { "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", "True or False" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "a length" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,), }", "a length" },
        { "{'descr': '<f8', 'fortran_order': False, }", "'shape' is missing" },
        { "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "comes twice" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': __import__('os'), }", "'(' expected" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } + 1", "something follows" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647, 2147483647), }", "truncated" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll<double[], byte>((numbers, rows) =>
    {
        var height = Math.Max(1, rows % 5);
        var cut = numbers[..(numbers.Length / height * height)];
        var path = Path.Combine(_folder, "law.npy");
        NpyFile.Write(path, NumberArray.Of<double>(cut, height, cut.Length / height));
        var again = NpyFile.Read(path);
        Assert.Equal([height, cut.Length / height], again.Shape);
        Assert.Equal(cut, again.ToDoubles());
    }).QuickCheckThrowOnFailure();

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_header_is_read_by_its_grammar_alone(string header, string why)
    {
        var path = Put(header, new byte[8]);
        Assert.Contains(why, Assert.Throws<DataException>(() => NpyFile.Read(path)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 2)}", 258.0, 772.0, 1286.0, 1800.0)]
    [InlineData("{\"shape\": (2L, 2L), \"fortran_order\": True, \"descr\": \"<u2\"}  \n", 513.0, 1027.0, 1541.0, 2055.0)]
    public void Orders_and_spellings_that_NumPy_allows(string header, params double[] expected)
    {
        var array = NpyFile.Read(Put(header, [1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal(expected, array.ToDoubles());
        Assert.Equal(header.Contains("True", StringComparison.Ordinal) ? expected[2] : expected[1], array.Plane(0, 1)[1]);
    }

    [Fact]
    public void Bytes_too_few_or_too_many_are_told()
    {
        Assert.Contains("truncated", Assert.Throws<DataException>(() => NpyFile.Read(Put("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", new byte[15]))).What, StringComparison.Ordinal);
        Assert.Contains("more than one array", Assert.Throws<DataException>(() => NpyFile.Read(Put("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", new byte[9]))).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_gives_each_array_by_its_name()
    {
        var path = Path.Combine(_folder, "a.npz");
        NpzFile.Write(path, ("image", NumberArray.Of<byte>([1, 2], 2)), ("label", NumberArray.Of<int>([3], 1)));
        Assert.Equal(["image", "label"], NpzFile.Names(path));
        Assert.Equal([3.0], NpzFile.Read(path, "label").ToDoubles());
        Assert.Contains("there are: image, label", Assert.Throws<DataException>(() => NpzFile.Read(path, "mask")).What, StringComparison.Ordinal);
        Assert.Contains("name one of: image, label", Assert.Throws<DataException>(() => NpzFile.Read(path)).What, StringComparison.Ordinal);
    }

    [Fact]
    public void NumPy_reads_what_is_written_and_the_reverse()
    {
        PythonPeer.SkipUnlessThere();
        NpyFile.Write(Path.Combine(_folder, "ours.npy"), new NumberArray(NumberType.UInt16, [2, 3], firstFastest: true, [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]));
        NpzFile.Write(Path.Combine(_folder, "ours.npz"), ("mask", NumberArray.Of<byte>([0, 1, 1, 0], 2, 2, 1)));
        var said = PythonPeer.Run("tests/Volumes.Tests/Golden/numpy_peer.py", _folder);

        Assert.Equal("[[1, 3, 5], [2, 4, 6]] uint16 [[[0], [1]], [[1], [0]]]", said.Trim());
        Assert.All(Directory.GetFiles(_folder, "theirs_*.npy"), file => Assert.Equal([1.0, 0, 0, 1, 1, 0], NpyFile.Read(file).Plane(0, 1)));
        Assert.Equal(24, Directory.GetFiles(_folder, "theirs_*.npy").Length);
        Assert.Equal([1.0, 0, 0, 1, 1, 0], NpzFile.Read(Path.Combine(_folder, "theirs.npz"), "packed").Plane(0, 1));
    }

    private string Put(string header, byte[] data)
    {
        var path = Path.Combine(_folder, "put.npy");
        var text = Encoding.ASCII.GetBytes(header);
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(text.Length), .. text, .. data]);
        return path;
    }
}
