using Osteon.Abstractions;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Volumes;

namespace Osteon.Runner;

/// <summary>Answers in the forms that are asked for besides runs, at each image's original size, written as images come.</summary>
/// <param name="folder">Where npy, png and nifti are made.</param>
/// <param name="forms">Which of them.</param>
/// <param name="mode">Multiclass: a pixel has one number, its class's; else a plane or picture a class.</param>
/// <param name="classes">Channel order.</param>
/// <param name="axis">Of NIfTI volumes, the axis whose places are images.</param>
public sealed class AnswerFiles(string folder, IReadOnlyList<AnswerForm> forms, LabelMode mode, IReadOnlyList<string> classes, int axis = 2)
{
    /// <summary>Names of the folders.</summary>
    public static IReadOnlyList<string> Folders { get; } = [AnswerStacks.FolderName, Png, Nifti];

    private const string Png = "png", Nifti = "nifti";

    private readonly AnswerStacks? _stacks = forms.Contains(AnswerForm.Npy) ? new AnswerStacks(folder) : null;
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private AnswerVolume? _volume;

    /// <summary>Writes one image's answer; slices of a volume follow each other, and make one file.</summary>
    /// <param name="source">Names the image.</param>
    /// <param name="file">Its own file, whose geometry a volume takes.</param>
    /// <param name="origin">What the image's file says of where it lies.</param>
    /// <param name="masks">One a class.</param>
    /// <exception cref="ConfigurationException">Another image has the same name.</exception>
    public void Write(CaseSource source, string file, ImageOrigin origin, IReadOnlyList<Mask> masks)
    {
        _stacks?.Write(source, masks);
        if (forms.Contains(AnswerForm.Png))
        {
            WritePng(Free(Png, source, AnswerStacks.NameOf(source.ImageName)), masks);
        }

        if (forms.Contains(AnswerForm.Nifti))
        {
            WriteNifti(source, file, origin, masks);
        }
    }

    /// <summary>Writes a volume that is still open, once every image was written; a volume that lacks slices is never written.</summary>
    public void Finish()
    {
        _volume?.Save();
        _volume = null;
    }

    private void WritePng(string name, IReadOnlyList<Mask> masks)
    {
        var frame = masks[0].Frame;
        if (mode == LabelMode.Multiclass)
        {
            var image = new Image(frame);
            for (var k = 1; k < masks.Count; k++)
            {
                masks[k].Fill(image.Bytes, (byte)k);
            }

            ImageFile.WritePng(Path.Combine(folder, Png, name + ".png"), image);
            return;
        }

        for (var k = 0; k < masks.Count; k++)
        {
            var image = new Image(frame);
            masks[k].Fill(image.Bytes, byte.MaxValue);
            ImageFile.WritePng(Path.Combine(folder, Png, name, Safe(classes[k]) + ".png"), image);
        }
    }

    private void WriteNifti(CaseSource source, string file, ImageOrigin origin, IReadOnlyList<Mask> masks)
    {
        var (path, slice) = Part.Split(source.ImagePath);
        var whole = IsVolume(path) ? path : source.ImagePath;       // pages and frames of other files are pictures of their own
        if (_volume?.Source != whole)
        {
            Finish();
            var name = AnswerStacks.NameOf(whole[(whole.LastIndexOf('/') + 1)..]);
            var target = Path.Combine(folder, Nifti, Free(Nifti, source, name) + ".nii.gz");
            var depth = mode == LabelMode.Multiclass ? 1 : masks.Count;
            _volume = IsVolume(path) ? AnswerVolume.Of(path, file, target, axis, depth) : AnswerVolume.Of(whole, masks[0].Frame, origin, target, depth);
        }

        for (var k = mode == LabelMode.Multiclass ? 1 : 0; k < masks.Count; k++)
        {
            _volume!.Fill(masks[k], IsVolume(path) ? slice : 0, mode == LabelMode.Multiclass ? 0 : k, mode == LabelMode.Multiclass ? (byte)k : (byte)1);
        }
    }

    // Names of classes come from data sets.
    private static string Safe(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ' ? c : '_'));

    private static bool IsVolume(string path) => new[] { ".nii", ".nii.gz", ".hdr" }.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    private string Free(string form, CaseSource source, string name) => _taken.Add($"{form}/{name}")
        ? name
        : throw new ConfigurationException($"{source.ImagePath}: its answer would be {form}/{name}, as another image's; rename one of them, or leave {form} out of ensemble.outputs.");
}

/// <summary>A label volume that is filled slice by slice and laid where its source lies.</summary>
internal sealed class AnswerVolume
{
    private readonly int[] _shape;
    private readonly int _axis;
    private readonly byte[] _voxels;
    private readonly NiftiGeometry _geometry;
    private readonly string _target;

    private AnswerVolume(string source, int[] shape, int depth, int axis, NiftiGeometry geometry, string target)
    {
        (Source, _axis, _geometry, _target) = (source, axis, geometry, target);
        _shape = depth == 1 ? shape : [.. shape, depth];
        _voxels = new byte[checked((int)(shape.Aggregate(1L, (n, length) => n * length) * depth))];
    }

    /// <summary>The image's path.</summary>
    public string Source { get; }

    /// <summary>For a NIfTI file: its grid and geometry.</summary>
    public static AnswerVolume Of(string source, string file, string target, int axis, int depth)
    {
        int[] shape = [.. NiftiFile.ReadShape(file).Concat([1, 1, 1]).Take(3)];
        var geometry = NiftiFile.ReadGeometry(file);
        return new AnswerVolume(source, shape, depth, axis, geometry with { Zooms = [.. geometry.Zooms.Concat([1.0, 1, 1]).Take(3), .. depth > 1 ? [1.0] : Array.Empty<double>()] }, target);
    }

    /// <summary>For a picture: one slice of its own, columns first, where its file says that it lies; else with its pixels' size where it is known.</summary>
    public static AnswerVolume Of(string source, Frame frame, ImageOrigin origin, string target, int depth)
    {
        var (row, column) = origin.Spacing is { } known ? (known.Row, known.Column) : (1.0, 1.0);
        IReadOnlyList<double> affine = origin.Affine is { Count: 16 } place ? place : [column, 0, 0, 0, 0, row, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
        return new AnswerVolume(source, [frame.Width, frame.Height, 1], depth, 2, NiftiGeometry.Of(affine, depth > 1 ? 4 : 3), target);
    }

    /// <summary>Sets a class's voxels of a slice.</summary>
    public void Fill(Mask mask, int slice, int channel, byte value)
    {
        var (rows, columns) = NiftiGeometry.AxesOf(_axis);
        long[] steps = [1, _shape[0], (long)_shape[0] * _shape[1]];
        var origin = (slice * steps[_axis]) + (channel * steps[2] * _shape[2]);
        foreach (var run in mask.Runs)
        {
            for (var i = run.Start; i < run.End; i++)
            {
                var (y, x) = Math.DivRem(i, mask.Frame.Width);
                _voxels[origin + (y * steps[rows]) + (x * steps[columns])] = value;
            }
        }
    }

    /// <summary>Writes the file.</summary>
    public void Save() => NiftiFile.Write(_target, new NumberArray(NumberType.UInt8, _shape, firstFastest: true, _voxels), _geometry);
}
