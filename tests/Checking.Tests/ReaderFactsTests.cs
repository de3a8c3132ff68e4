using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Dicom;
using Osteon.Plugins.Nifti;
using Osteon.Plugins.NumPy;
using Osteon.Plugins.Spine;
using Osteon.Runner;
using Osteon.Volumes;

namespace Osteon.Checking.Tests;

/// <summary>What files say beyond their pixels reaches the rules, whatever reads them.</summary>
public sealed class ReaderFactsTests : IDisposable
{
    private static readonly Frame Small = new(24, 20);
    private readonly string _root = Directory.CreateTempSubdirectory("osteon-facts-").FullName;

    [Theory]
    [InlineData("spacing-mix")]
    [InlineData("photometric-mix")]
    [InlineData("bit-depth-mix")]
    public void Of_DICOM(string rule)
    {
        for (var i = 0; i < 10; i++)
        {
            WriteDicom($"images/p{i}.dcm", i, fault: i == 6 ? rule : string.Empty);
        }

        AssertFound(rule, "p6", new DicomFormat(new DicomOptions { Images = "images", Labels = string.Empty, Values = new Dictionary<string, int> { ["bone"] = 1 } }));
    }

    [Theory]
    [InlineData("spacing-mix")]
    [InlineData("photometric-mix")]
    [InlineData("bit-depth-mix")]
    public void Of_spines(string rule)
    {
        for (var i = 0; i < 10; i++)
        {
            WriteDicom($"img/p{i}.dcm", i, fault: i == 6 ? rule : string.Empty);
        }

        AssertFound(rule, "p6", new SpineFormat(new SpineOptions { Labels = string.Empty }));
    }

    [Theory]
    [InlineData("not-finite")]
    [InlineData("bit-depth-mix")]
    [InlineData("colour-image")]
    public void Of_arrays(string rule)
    {
        for (var i = 0; i < 10; i++)
        {
            var values = Noise(i).Select(v => (float)v).ToArray();
            var array = NumberArray.Of<float>(values, Small.Height, Small.Width);
            if (i == 6)
            {
                values[5] = rule == "not-finite" ? float.NaN : values[5];
                array = rule switch
                {
                    "bit-depth-mix" => NumberArray.Of<double>([.. values.Select(v => (double)v)], Small.Height, Small.Width),
                    "colour-image" => NumberArray.Of<float>([.. values.SelectMany(v => new[] { v, 1 - v, v / 2 })], Small.Height, Small.Width, 3),
                    _ => NumberArray.Of<float>(values, Small.Height, Small.Width),
                };
            }

            NpyFile.Write(PathOf($"images/p{i}.npy"), array);
        }

        AssertFound(rule, "p6", new NumPyFormat(new NumPyOptions { Images = "images", Labels = string.Empty, Values = new Dictionary<string, int> { ["bone"] = 1 }, Intensity = IntensityScale.Full }));
    }

    [Theory]
    [InlineData("not-finite")]
    [InlineData("spacing-mix")]
    [InlineData("bit-depth-mix")]
    public void Of_volumes(string rule)
    {
        for (var i = 0; i < 10; i++)
        {
            var faulty = i == 6;
            var values = Noise(i).Select(v => (float)v).ToArray();
            values[5] = faulty && rule == "not-finite" ? float.PositiveInfinity : values[5];
            var array = faulty && rule == "bit-depth-mix"
                ? NumberArray.Of<double>([.. values.Select(v => (double)v)], Small.Width, Small.Height)
                : NumberArray.Of<float>(values, Small.Width, Small.Height);
            array = new NumberArray(array.Type, array.Shape, firstFastest: true, array.Bytes.ToArray());
            var zoom = faulty && rule == "spacing-mix" ? 0.4 : 0.2;
            NiftiFile.Write(PathOf($"images/p{i}.nii"), array, NiftiGeometry.Unit(2) with { Zooms = [zoom, zoom] });
        }

        AssertFound(rule, "p6", new NiftiFormat(new NiftiOptions { Images = "images", Labels = string.Empty, Values = new Dictionary<string, int> { ["bone"] = 1 } }));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void AssertFound(string rule, string id, DatasetFormat format)
    {
        var folder = Path.Combine(_root, "store");
        Conversion.Run(format, _root, [], 0, folder, null, CancellationToken.None);
        var findings = DataCheck.Judge(DataCheck.Measure(folder, LabelMode.Multilabel, new CheckThresholds(), null, CancellationToken.None));
        Assert.Equal([id], findings.Where(f => f.Check == rule).Select(f => f.Case));
        Assert.DoesNotContain(findings, f => f.Check != rule && f.Check is "spacing-mix" or "photometric-mix" or "bit-depth-mix" or "not-finite" or "colour-image");
    }

    private void WriteDicom(string path, int seed, string fault) => DicomImageWriter.Write(PathOf(path), new DicomImage
    {
        Frame = Small,
        Pixels = Noise(seed).Select(v => (ushort)(v * 1000)).ToArray(),
        BitsStored = fault == "bit-depth-mix" ? 10 : 12,
        Inverted = fault == "photometric-mix",
        ImagerPixelSpacing = fault == "spacing-mix" ? (0.3, 0.3) : (0.15, 0.15),
        PatientId = $"P{seed}",
        SopInstance = $"1.2.3.{seed}",
    });

    private string PathOf(string relative)
    {
        var path = Path.Combine(_root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private static IEnumerable<double> Noise(int seed)
    {
        var random = RandomStream.For(seed, "facts");
        return [.. Enumerable.Range(0, Small.Area).Select(_ => random.NextInt(1000) / 1000.0)];
    }
}
