using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Formats.Tests;

public sealed class HandBoneLabelsTests : IDisposable
{
    private static readonly Frame Frame = new(8, 10);

    private readonly HandBoneFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<Annotation> Read(string json)
    {
        _folder.Case("ID001", "a", json);
        return _folder.Format.ReadLabels(_folder.Root, _folder.Format.Index(_folder.Root).Cases[0], Frame);
    }

    private string Fault(string json) => Assert.Throws<DataException>(() => Read(json)).Message;

    [Fact]
    public void Keeps_file_order_points_and_the_images_frame()
    {
        var labels = Read(HandBoneFolder.Label("a", HandBoneFolder.Outline("Ulna", "[[960,2047],[960,2046],[0,-3.5]]") + "," + HandBoneFolder.Outline("finger-2")));

        Assert.Equal(["Ulna", "finger-2"], labels.Select(l => l.Class));
        var polygon = Assert.IsType<PolygonAnnotation>(labels[0]).Polygon;
        Assert.Equal(Frame, polygon.Frame);
        Assert.Equal([new Vertex(960, 2047), new Vertex(960, 2046), new Vertex(0, -3.5)], polygon.Vertices);
    }

    [Fact]
    public void Reads_files_with_a_byte_order_mark() =>
        Assert.Single(Read("\uFEFF" + HandBoneFolder.Label("a", HandBoneFolder.Outline("Ulna"))));

    [Fact]
    public void Reads_a_file_without_annotations_as_no_labels() => Assert.Empty(Read(HandBoneFolder.Label("a", "")));

    [Theory]
    [InlineData("{\"annotations\":[", "is not JSON")]
    [InlineData("[1,2]", "is not a JSON object")]
    [InlineData("{\"filename\":\"a.jpg\"}", "'annotations' is not a list")]
    [InlineData("{\"annotations\":[]}", "'filename' is missing")]
    [InlineData("{\"annotations\":[],\"filename\":\"b.jpg\"}", "'filename' is 'b.jpg'")]
    [InlineData("{\"annotations\":[7],\"filename\":\"a.jpg\"}", "annotation 0: is not an object")]
    public void Refuses_files_of_another_kind(string json, string fault)
    {
        var message = Fault(json);
        Assert.StartsWith("train/outputs_json/ID001/a.json: ", message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"x\"", "'points' is not a list")]
    [InlineData("[[1,2],[3,4]]", "'points' has 2 points")]
    [InlineData("[[1,2],[3,4],[5]]", "point 2 is '[5]'")]
    [InlineData("[[1,2],[3,4],[5,6,7]]", "point 2 is '[5,6,7]'")]
    [InlineData("[[1,2],[3,\"4\"],[5,6]]", "point 1 is")]
    [InlineData("[[1,2],[3,1e999],[5,6]]", "point 1 is")]
    [InlineData("[[1,2],null,[5,6]]", "point 1 is 'null'")]
    public void Refuses_malformed_points(string points, string fault) =>
        Assert.Contains("annotation 0: " + fault, Fault(HandBoneFolder.Label("a", HandBoneFolder.Outline("Ulna", points))), StringComparison.Ordinal);

    [Fact]
    public void Tells_all_faults_of_a_file_at_once()
    {
        var message = Fault(HandBoneFolder.Label("b", string.Join(",",
            HandBoneFolder.Outline("Ulna"), HandBoneFolder.Outline("finger-20"), HandBoneFolder.Outline("Ulna", type: "bbox"), HandBoneFolder.Outline("Ulna", "[]"))));

        Assert.Contains("it belongs to another image", message, StringComparison.Ordinal);
        Assert.Contains("annotation 1: 'label' is 'finger-20'", message, StringComparison.Ordinal);
        Assert.Contains("annotation 2: 'type' is 'bbox'", message, StringComparison.Ordinal);
        Assert.Contains("annotation 3: 'points' has 0 points", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_the_faults_it_does_not_tell() =>
        Assert.EndsWith("and 5 more", Fault(HandBoneFolder.Label("a", string.Join(",", Enumerable.Repeat(HandBoneFolder.Outline("x"), 25)))), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"\ud800")]
    [InlineData(@"Ulna\udc00")]
    public void Refuses_text_with_half_a_surrogate_pair(string label) =>
        Assert.Contains("not Unicode", Fault(HandBoneFolder.Label("a", HandBoneFolder.Outline(label))), StringComparison.Ordinal);

    [Fact]
    public void Damage_anywhere_is_refused_as_a_fault_of_the_file_or_changes_a_value()
    {
        var whole = System.Text.Encoding.UTF8.GetBytes(HandBoneFolder.Label("a", HandBoneFolder.Outline("Ulna")));
        var random = new RandomStream(1);
        _folder.Case("ID001", "a");
        var source = _folder.Format.Index(_folder.Root).Cases[0];
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var damaged = whole[..(i % 2 == 0 ? whole.Length : random.NextInt(whole.Length))];
            for (var k = 0; k <= i % 3 && damaged.Length > 0; k++)
            {
                damaged[random.NextInt(damaged.Length)] = (byte)random.NextInt(256);
            }

            _folder.File(source.LabelPath!, damaged);
            refused += Record.Exception(() => _folder.Format.ReadLabels(_folder.Root, source, Frame)) switch
            {
                null => 0,
                DataException => 1,
                var other => throw new InvalidOperationException($"Damage {i} shows as another exception.", other),
            };
        }

        Assert.InRange(refused, 250, 399);
    }
}
