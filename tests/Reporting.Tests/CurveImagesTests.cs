using System.Xml.Linq;

namespace Osteon.Reporting.Tests;

public sealed class CurveImagesTests
{
    [Fact]
    public void Each_is_an_svg_document_of_its_own()
    {
        var member = new MemberCurves("unet & \"co\" <r18>/fold 0", [new EpochPoint(1, 0.9, 1.2, 0.3), new EpochPoint(2, 0.4, 0.5, 0.8)]);
        var images = CurveImages.Of(member);

        Assert.Equal(["loss", "dice"], images.Select(i => i.Name));
        foreach (var (_, svg) in images)
        {
            var root = XDocument.Parse(svg).Root!;
            Assert.Equal("http://www.w3.org/2000/svg", root.Name.NamespaceName);
            Assert.Contains(root.Descendants(root.Name.Namespace + "path"), p => p.Attribute("d")!.Value.StartsWith('M'));
            Assert.Contains("--s1", root.Element(root.Name.Namespace + "style")!.Value, StringComparison.Ordinal);
        }
    }
}
