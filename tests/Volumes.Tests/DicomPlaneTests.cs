using System.Globalization;
using System.Text;

namespace Osteon.Volumes.Tests;

/// <summary>Where frames lie, by DICOM PS3.3, equation C.7.6.2.1-1, its x and y turned to the right and to the front.</summary>
public sealed class DicomPlaneTests
{
    private const string Sagittal = @"0\1\0\0\0\-1";

    [Fact]
    public void A_frame_s_rows_and_columns_run_as_the_file_says()
    {
        // Columns count along y, rows downwards, 0.5 and 0.25 mm apart; the normal y × (−z) is −x, to the patient's right.
        var groups = new DicomGroups(Of((DicomTags.Position, @"10\20\30"), (DicomTags.Orientation, Sagittal), (DicomTags.SliceThickness, "4")));
        Assert.Equal([0, 0, 4, -10, -0.25, 0, 0, -20, 0, -0.5, 0, 30, 0, 0, 0, 1], Positive(DicomPlane.AffineOf(groups, 0, 1, (0.5, 0.25))!));
    }

    // Frames 3 mm apart, whatever their thickness, and counted against the normal.
    [Fact]
    public void Frames_of_one_file_lie_as_far_apart_as_their_places()
    {
        var data = Of((DicomTags.SliceThickness, "5"));
        data.Add(new DicomElement(DicomTags.SharedGroups, "SQ", default, false) { Items = [With(DicomTags.PlaneOrientation, Of((DicomTags.Orientation, @"1\0\0\0\1\0")))] });
        data.Add(new DicomElement(DicomTags.FrameGroups, "SQ", default, false)
        {
            Items = [.. Enumerable.Range(0, 3).Select(f => With(DicomTags.PlanePosition, Of((DicomTags.Position, string.Create(CultureInfo.InvariantCulture, $@"1\2\{9 - (3 * f)}")))))],
        });
        var groups = new DicomGroups(data);
        for (var f = 0; f < 3; f++)
        {
            Assert.Equal([-2, 0, 0, -1, 0, -2, 0, -2, 0, 0, -3, 9 - (3 * f), 0, 0, 0, 1], Positive(DicomPlane.AffineOf(groups, f, 3, (2, 2))!));
        }
    }

    [Theory]
    [InlineData(null, Sagittal)]
    [InlineData(@"10\20\30", null)]
    [InlineData(@"10\20", Sagittal)]
    [InlineData(@"10\20\x", Sagittal)]
    [InlineData(@"10\20\30", @"1\0\0\1\0\0")]
    [InlineData(@"10\20\30", @"2\0\0\0\1\0")]
    public void What_is_missing_or_no_pair_of_directions_says_nothing(string? position, string? orientation)
    {
        var data = Of([.. position is null ? Array.Empty<(uint, string)>() : [(DicomTags.Position, position)], .. orientation is null ? Array.Empty<(uint, string)>() : [(DicomTags.Orientation, orientation)]]);
        Assert.Null(DicomPlane.AffineOf(new DicomGroups(data), 0, 1, (1, 1)));
    }

    [Fact]
    public void Without_the_size_of_a_pixel_nothing_is_said() =>
        Assert.Null(DicomPlane.AffineOf(new DicomGroups(Of((DicomTags.Position, @"10\20\30"), (DicomTags.Orientation, Sagittal))), 0, 1, null));

    private static DicomDataset Of(params (uint Tag, string Text)[] elements)
    {
        var data = new DicomDataset();
        foreach (var (tag, text) in elements)
        {
            data.Add(new DicomElement(tag, "DS", Encoding.ASCII.GetBytes(text), false));
        }

        return data;
    }

    private static DicomDataset With(uint sequence, DicomDataset item)
    {
        var data = new DicomDataset();
        data.Add(new DicomElement(sequence, "SQ", default, false) { Items = [item] });
        return data;
    }

    // −0 is 0.
    private static double[] Positive(double[] affine) => [.. affine.Select(a => a + 0.0)];
}
