using System.Text;

namespace Osteon.Masks.Tests;

public sealed class SubmissionTests : IDisposable
{
    private static readonly Frame Frame = new(10, 10);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_rows_as_they_were_written()
    {
        SubmissionRow[] rows =
        [
            new("image1661130828152_R.png", "finger-1", new Mask(Frame, [new Run(0, 3), new Run(50, 1)])),
            new("image1661130828152_R.png", "Triquetrum", Mask.Empty(Frame)),
            new("손, \"left\".png", "a,b", Mask.Full(Frame)),
        ];
        Assert.Equal(rows, Read(Written(rows)));
    }

    [Fact]
    public void Writes_what_pandas_writes()
    {
        var text = Written([new("a_R.png", "Ulna", new Mask(Frame, [new Run(0, 3), new Run(50, 1)])), new("b, c.png", "x \"y\"", Mask.Empty(Frame))]);
        Assert.Equal("image_name,class,rle\na_R.png,Ulna,1 3 51 1\n\"b, c.png\",\"x \"\"y\"\"\",\n", text);
    }

    [Theory]
    [InlineData("image_name,class,rle\na.png,x,1 2\n")]
    [InlineData("image_name,class,rle\na.png,x,1 2")]
    [InlineData("\uFEFFimage_name,class,rle\na.png,x,1 2\n")]
    [InlineData("image_name,class,rle\r\na.png,x,1 2\r\n\r\n")]
    [InlineData("\n\"image_name\",\"class\",\"rle\"\n\n\"a.png\",\"x\",\"1 2\"\n\n")]
    [InlineData("image_name,class,rle\r\n\"a.png\",\"x\",\"1 2\"\r\n")]
    [InlineData("image_name,class,rle\ndata/test/a.png,x,1 2\n")]
    [InlineData("image_name,class,rle\nC:\\data\\a.png,x, 1  2 \n")]
    public void Tolerates_what_other_programs_make_of_the_same_file(string text) =>
        Assert.Equal([new("a.png", "x", new Mask(Frame, [new Run(0, 2)]))], Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("\"\"")]
    public void Nothing_and_NaN_are_empty_masks(string rle) => Assert.True(Assert.Single(Read($"image_name,class,rle\na.png,x,{rle}\n")).Mask.IsEmpty);

    [Theory]
    [InlineData("", "(1): the row ends after 1 of 3 fields, ''; a row is image_name,class,rle")]
    [InlineData("image,label,rle\n", "(1): the header is 'image','label','rle'; a submission begins with 'image_name,class,rle'")]
    [InlineData(",image_name,class,rle\n0,a.png,x,1 2\n", "(1): the image name is empty")]
    [InlineData("image_name,class,rle\na.png,x,1 2\na.png\n", "(3): the row ends after 1 of 3 fields, 'a.png'; a row is image_name,class,rle")]
    [InlineData("image_name,class,rle\na.png,x\n", "(2): the row ends after 2 of 3 fields, 'x'; a row is image_name,class,rle")]
    [InlineData("image_name,class,rle\na.png,x,1 2,7\n", "(2): a.png, x: RLE, character 4: ',' is neither a digit nor a space")]
    [InlineData("image_name,class,rle\na.png,x,\"1 2\",7\n", "(2): something follows the third field; a row is image_name,class,rle")]
    [InlineData("image_name,class,rle\n\na.png,\"x,1 2\n", "(3): a quoted field is never closed")]
    [InlineData("image_name,class,rle\na.png,x,1 2\nb.png,x,\nfolder/a.png,x,\n", "(4): a.png, x: the row was there already, on line 2; one row an image and class")]
    [InlineData("image_name,class,rle\na.png,x,1 2 3\n", "(2): a.png, x: RLE, character 6: start 3 has no length; numbers come in pairs")]
    [InlineData("image_name,class,rle\na.png,x,\"99 3\"\n", "(2): a.png, x: RLE, character 5: run 99 of length 3 ends at 101, beyond the last pixel, 100")]
    public void Refuses_a_broken_file_and_names_the_line(string text, string message)
    {
        var path = _folder.Write("broken.csv", text);
        Assert.Equal(path + message, Assert.Throws<MaskFormatException>(() => SubmissionReader.Read(path, Frame)).Message);
    }

    [Fact]
    public void An_image_without_a_frame_is_a_fault()
    {
        var path = _folder.Write("other.csv", "image_name,class,rle\na.png,x,1 2\nb.png,x,1 2\n");
        var fault = Assert.Throws<MaskFormatException>(() => SubmissionReader.Read(path, new Dictionary<string, Frame> { ["a.png"] = Frame }));
        Assert.EndsWith("(3): b.png, x: the data set has no such image", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_cannot_be_written_twice()
    {
        using var writer = new SubmissionWriter(new MemoryStream());
        writer.Write("x/a.png", "Ulna", Mask.Empty(Frame));
        Assert.Throws<ArgumentException>(() => writer.Write("y/a.png", "Ulna", Mask.Empty(Frame)));
    }

    private static string Written(IEnumerable<SubmissionRow> rows)
    {
        var stream = new MemoryStream();
        using (var writer = new SubmissionWriter(stream))
        {
            foreach (var row in rows)
            {
                writer.Write(row.Image, row.Class, row.Mask);
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private IReadOnlyList<SubmissionRow> Read(string text) => SubmissionReader.Read(_folder.Write("submission.csv", text), Frame);
}
