using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Volumes.Tests;

public sealed class MatFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osteon-mat-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_every_numeric_variable_of_real_files_to_the_bit()
    {
        var read = 0;
        foreach (var (name, about) in Golden.All("mat"))
        {
            foreach (var (variable, golden) in about!["variables"]?.AsObject() ?? [])
            {
                var numbers = golden!["matlab"] ?? golden;
                if (numbers["sha256_f64_colmajor"] is not { } hash || (string?)golden["matlab_class"] is "sparse" or "char" || variable.StartsWith("__", StringComparison.Ordinal))
                {
                    continue;
                }

                var array = MatFile.Read(Golden.File("mat", name), variable);
                Assert.Equal(numbers["shape"]!.AsArray().Select(n => (int)n!), array.Shape);
                Assert.Equal((string)hash!, Golden.Hash(array.ToDoubles()));
                read++;
            }
        }

        Assert.True(read >= 40, $"{read} variables were read");
    }

    [Fact]
    public void Names_class_and_shape_of_every_variable()
    {
        foreach (var (name, about) in Golden.All("mat").Where(f => f.Value!["variables"] is not null))
        {
            var listed = MatFile.List(Golden.File("mat", name)).ToDictionary(v => v.Name);
            foreach (var (variable, golden) in about!["variables"]!.AsObject().Where(v => !v.Key.StartsWith("__", StringComparison.Ordinal) && (string?)v.Value!["matlab_class"] is not (null or "opaque")))
            {
                Assert.True(listed.ContainsKey(variable), $"{name} has no {variable}");
                Assert.Equal((string)golden!["matlab_class"]!, listed[variable].Class);
            }
        }
    }

    [Theory]
    [InlineData("scipy_testcell_7.4_GLNX86.mat", "testcell", "cell")]
    [InlineData("scipy_teststruct_7.4_GLNX86.mat", "teststruct", "struct")]
    [InlineData("scipy_testsparse_7.4_GLNX86.mat", "testsparse", "sparse")]
    [InlineData("scipy_teststring_7.4_GLNX86.mat", "teststring", "char")]
    [InlineData("scipy_testcomplex_7.4_GLNX86.mat", "testcomplex", "complex double")]
    [InlineData("scipy_sqr.mat", "sqr", "function")]
    [InlineData("matjl_v7.3_struct.mat", "s", "struct")]
    [InlineData("matio_test_file_hdf5.mat", "cell", "cell")]
    public void What_is_no_array_of_numbers_is_refused_by_name(string file, string variable, string kind)
    {
        var refused = Assert.Throws<DataException>(() => MatFile.Read(Golden.File("mat", file), variable));
        Assert.Contains($"{variable} ({kind}, ", refused.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scipy_testmulti_7.4_GLNX86.mat", "a (double, 3×5), theta (double, 1×9)")]
    [InlineData("derived_label_separated_v73_uint8.mat", "label_separated (uint8, 631×790×7)")]
    [InlineData("scipy_testmatrix_4.2c_SOL2.mat", "testmatrix (double, 3×5)")]
    public void A_wrong_variable_is_answered_with_those_present(string file, string listed)
    {
        var refused = Assert.Throws<DataException>(() => MatFile.Read(Golden.File("mat", file), "label"));
        Assert.Equal($"it has no variable 'label'; there are {listed}.", refused.What);
    }

    [Theory]
    [InlineData("scipy_corrupted_zlib_data.mat")]
    [InlineData("scipy_corrupted_zlib_checksum.mat")]
    [InlineData("scipy_malformed1.mat")]
    [InlineData("scipy_bad_miuint32.mat")]
    public void Broken_files_are_errors_that_name_them(string file)
    {
        var path = Golden.File("mat", file);
        Assert.Equal(path, Assert.Throws<DataException>(() => ReadAll(path)).Path);
    }

    [Fact]
    public void A_stack_is_read_row_column_channel()
    {
        var golden = JsonNode.Parse(File.ReadAllText(Golden.File("mat", "golden.json")))!;
        var stack = MatFile.Read(Golden.File("mat", "derived_label_separated_v7_double.mat"), "label_separated");
        var areas = Enumerable.Range(0, 7).Select(k => stack.Plane(0, 1, 0, 0, k).Count(v => v != 0)).ToArray();
        Assert.Equal([631, 790, 7], stack.Shape);
        Assert.Equal(golden["derived_class_areas"]!.AsArray().Select(n => (int)n!), areas);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var path = Path.Combine(_folder, "a.mat");
        var bytes = new NumberArray(NumberType.UInt8, [3, 2, 2], firstFastest: true, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var numbers = new NumberArray(NumberType.Double, [1, 2], firstFastest: true, [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]);
        MatWriter.Write(path, ("label_separated", bytes), ("x", numbers));

        Assert.Equal(["label_separated (uint8, 3×2×2)", "x (double, 1×2)"], MatFile.List(path).Select(v => v.ToString()));
        Assert.Equal(bytes.ToDoubles(), MatFile.Read(path, "label_separated").ToDoubles());
        Assert.Equal([1.5, -2.0], MatFile.Read(path, "x").ToDoubles());
    }

    [Fact]
    public void A_packed_variable_that_asks_for_a_dictionary_is_damaged()
    {
        var path = Path.Combine(_folder, "dictionary.mat");
        MatWriter.Write(path, ("x", new NumberArray(NumberType.Double, [1, 1], firstFastest: true, new byte[8])));
        var bytes = File.ReadAllBytes(path);
        (bytes[136], bytes[137]) = (0x78, 0x20);                    // zlib's header, with the flag FDICT and a fitting check
        File.WriteAllBytes(path, bytes);
        Assert.Contains("damaged", Assert.Throws<DataException>(() => MatFile.List(path)).What, StringComparison.Ordinal);
    }

    private static void ReadAll(string path)
    {
        foreach (var variable in MatFile.List(path))
        {
            MatFile.Read(path, variable.Name);
        }
    }
}
