using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;

namespace Osteon.Training;

/// <summary>
/// Samples stacked for one step: grey levels and label words as they are stored, a seventh of what the network's floats take for 29
/// classes. The tensor engine makes floats and class planes of them where the step is computed.
/// </summary>
public sealed class Batch : IDisposable
{
    private readonly BatchBuffer _buffer;
    private readonly Action<Batch>? _done;
    private readonly int _margin;
    private readonly BatchSample[] _samples;
    private readonly Frame _stacked;

    internal Batch(BatchBuffer buffer, BatchSample[] samples, Frame stacked, int channels, int classes, Frame frame, Frame targetFrame, int margin, Action<Batch>? done)
    {
        (_buffer, _samples, _stacked, _margin, _done) = (buffer, samples, stacked, margin, done);
        (Channels, Classes, Frame, TargetFrame) = (channels, classes, frame, targetFrame);
        Cases = Array.ConvertAll(samples, s => s.Case);
    }

    /// <summary>Samples.</summary>
    public int Size => _samples.Length;

    /// <summary>Image channels.</summary>
    public int Channels { get; }

    /// <summary>Label channels.</summary>
    public int Classes { get; }

    /// <summary>Height and width of the images, padded.</summary>
    public Frame Frame { get; }

    /// <summary>Height and width of the targets: smaller where convolutions do not pad.</summary>
    public Frame TargetFrame { get; }

    /// <summary>Case ids, for messages.</summary>
    public IReadOnlyList<string> Cases { get; }

    /// <summary>A case whose targets are not all in [0, 1]; null when there is none, as it should be.</summary>
    public string? TargetsOutside => _samples.FirstOrDefault(s => s.SecondShare is not (>= 0 and <= 1)).Case;

    internal BatchBuffer Buffer => _buffer;

    /// <summary>
    /// Images (N, C, H, W), normalised, mirrored in the network's margin, padded with 0, grey repeated, channels last as convolutions like them best; and
    /// targets (N, K, H, W), 0 or 1, or a share in between where a second image was mixed in. The caller's scope owns them; the batch may
    /// be disposed once the step is done.
    /// </summary>
    public (Tensor Images, Tensor Targets) ToTensors(Device device) => (ImagesOn(device), TargetsOn(device));

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _done?.Invoke(this);

    private Tensor ImagesOn(Device device)
    {
        using var scope = NewDisposeScope();
        var levels = _buffer.Images.View(Size, _stacked.Height, _stacked.Width).to(device, non_blocking: true);
        var grey = levels.dtype == ScalarType.Int16                 // libtorch's 16 bits have a sign
            ? levels.to(ScalarType.Int32).bitwise_and(tensor(ushort.MaxValue, dtype: ScalarType.Int32, device: device)).to(ScalarType.Float32)
            : levels.to(ScalarType.Float32);
        var lines = _samples[0].Lines.Length;                       // one for all channels, or one for each
        var planes = grey.unsqueeze(1) * PerLine(line => line.Scale, device);
        planes.add_(PerLine(line => line.Offset, device));
        if (_samples.Any(s => s.Lines.Any(line => !line.IsStraight)))
        {
            planes = planes.clamp(PerLine(line => line.Low, device), PerLine(line => line.High, device));
        }

        if (_samples.Any(s => s.Frame != _stacked) || Frame != _stacked)
        {
            var canvas = zeros([Size, lines, Frame.Height, Frame.Width], device: device);
            for (var n = 0; n < Size; n++)
            {
                var (height, width) = _samples[n].Frame;
                var shown = MirroredMargin.Around(planes.narrow(0, n, 1).narrow(2, 0, height).narrow(3, 0, width), _margin);
                canvas.narrow(0, n, 1).narrow(2, 0, shown.shape[2]).narrow(3, 0, shown.shape[3]).copy_(shown);
            }

            planes = canvas;
        }

        return planes.expand(Size, Channels, Frame.Height, Frame.Width).to_channels_last().MoveToOuterDisposeScope();
    }

    private Tensor TargetsOn(Device device)
    {
        using var scope = NewDisposeScope();
        long[] size = [Size, Classes, TargetFrame.Height, TargetFrame.Width];
        var planes = TargetFrame == _stacked ? empty(size, device: device) : zeros(size, device: device);
        var words = _buffer.Labels.View(Size, _stacked.Height, _stacked.Width).to(device, non_blocking: true);
        var seconds = _samples.Any(s => s.SecondShare > 0)
            ? _buffer.Seconds.View(Size, _stacked.Height, _stacked.Width).to(device, non_blocking: true)
            : null;
        var (shares, rest) = seconds is null ? default : (PerSample(s => s.SecondShare, device), PerSample(s => 1 - s.SecondShare, device));
        for (var k = 0; k < Classes; k++)
        {
            using var inner = NewDisposeScope();
            var plane = planes.narrow(1, k, 1).squeeze(1).narrow(1, 0, _stacked.Height).narrow(2, 0, _stacked.Width);
            var bit = tensor(1L << k, device: device).to(words.dtype);
            var first = words.bitwise_and(bit).ne(0);
            plane.copy_(seconds is null ? first : (first.to(ScalarType.Float32) * rest!) + (seconds.bitwise_and(bit).ne(0).to(ScalarType.Float32) * shares!));
        }

        return planes.MoveToOuterDisposeScope();
    }

    private Tensor PerLine(Func<GreyLine, float> number, Device device) =>
        tensor(_samples.SelectMany(s => s.Lines.Select(number)).ToArray(), [Size, _samples[0].Lines.Length, 1, 1]).to(device);

    private Tensor PerSample(Func<BatchSample, float> number, Device device) => tensor(Array.ConvertAll(_samples, s => number(s)), [Size, 1, 1]).to(device);
}

/// <summary>What a batch knows of one of its samples.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Frame">Its own height and width, at the top left of the stack.</param>
/// <param name="Lines">What grey levels become, for each image channel or for all.</param>
/// <param name="SecondShare">Of labels that were mixed in.</param>
internal readonly record struct BatchSample(string Case, Frame Frame, GreyLine[] Lines, float SecondShare);
