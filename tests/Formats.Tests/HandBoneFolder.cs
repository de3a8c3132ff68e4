using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Plugins.HandBone;

namespace Osteon.Formats.Tests;

/// <summary>A small hand-bone data set that lasts as long as one test.</summary>
public sealed class HandBoneFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("osteon-handbone-").FullName;

    public HandBoneFormat Format { get; } = new(new HandBoneOptions());

    public static string Label(string stem, string annotations) => $$"""
        {"annotations":[{{annotations}}],"attributes":{},"file_id":"637ef14e41c1bfb2ef9029e7","filename":"{{stem}}.jpg",
         "parent_path":"/X/USB_1/20220822/ID001","metadata":{"height":3060,"width":3060},"last_workers":{"라벨링":"a","검수":null,"최종 검수":null} }
        """;

    public static string Outline(string label, string points = "[[1,1],[5,1],[5,5]]", string type = "poly_seg") =>
        $$"""{"id":"30-x","type":"{{type}}","attributes":{},"points":{{points}},"label":"{{label}}"}""";

    public HandBoneFolder Image(string relative)
    {
        var frame = new Frame(8, 10);
        return File(relative, ImageFile.EncodePngRgb(frame, new byte[frame.Area * 3]));
    }

    public HandBoneFolder Text(string relative, string text) => File(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public HandBoneFolder File(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, relative))!);
        System.IO.File.WriteAllBytes(Path.Combine(Root, relative), bytes);
        return this;
    }

    /// <summary>A training image with its label.</summary>
    public HandBoneFolder Case(string patient, string stem, string? label = null) =>
        Image($"train/DCM/{patient}/{stem}.png").Text($"train/outputs_json/{patient}/{stem}.json", label ?? Label(stem, Outline("finger-1")));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
