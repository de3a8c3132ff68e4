using System.Text;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Acceptance.Tests;

public sealed class DeidentifyTests
{
    [Fact]
    public void Images_are_copied_without_their_patients_and_the_same_key_names_them_alike()
    {
        using var workspace = new Workspace();
        foreach (var (path, patient) in new[] { ("in/DOE/1.dcm", "DOE^JOHN"), ("in/DOE/2.dcm", "DOE^JOHN"), ("in/ROE/1.dcm", "ROE^JANE") })
        {
            DicomImageWriter.Write(workspace.At(path), new DicomImage { Frame = new Frame(4, 4), Pixels = new ushort[16], PatientId = patient, SopInstance = $"1.2.{(int)path[3]}.{path[7]}" });
        }

        workspace.Write("in/notes.txt", "DOE^JOHN fell off a horse");
        workspace.Write("key", "sixteen bytes at least");
        workspace.Write("in/broken.dcm", new string('x', 128) + "DICM\u0002");
        Assert.Contains("3 images copied", workspace.Expect(2, "--target=Deidentify", "--input=in", "--output=a", "--key=key"), StringComparison.Ordinal);
        File.Delete(workspace.At("in", "broken.dcm"));
        workspace.Expect(0, "--target=Deidentify", "--input=in", "--output=b", "--key=key");

        var copies = Directory.GetFiles(workspace.At("a"), "*.dcm", SearchOption.AllDirectories);
        Assert.Equal(2, copies.Select(Path.GetDirectoryName).Distinct().Count());
        Assert.Equal(copies.Select(c => Path.GetRelativePath(workspace.At("a"), c)).Order(), Directory.GetFiles(workspace.At("b"), "*.dcm", SearchOption.AllDirectories).Select(c => Path.GetRelativePath(workspace.At("b"), c)).Order());
        Assert.All(Directory.GetFiles(workspace.At("a"), "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("OE^", file + Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal));
        Assert.Contains("needs --input=FOLDER and --output=FOLDER", workspace.Expect(2, "--target=Deidentify", "--input=in"), StringComparison.Ordinal);
    }
}
