using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference;

/// <summary>Shows a network an image: whole, or window by window.</summary>
/// <param name="network">Maps (N, C, H, W) to logits (N, K, H, W); in evaluation mode.</param>
/// <param name="sizes">What it takes.</param>
/// <param name="plan">Windows and precision.</param>
internal sealed class Windows(Module<Tensor, Tensor> network, InputSizes sizes, InferPlan plan)
{
    // oneDNN's convolutions round differently for other batch sizes, and gain nothing by larger ones.
    private int AtATime(Tensor image) => image.device_type == DeviceType.CPU ? 1 : plan.BatchSize;

    /// <summary>True when an image is more than one window.</summary>
    public bool Divides(Frame frame) => plan.Window > 0 && (frame.Height > plan.Window || frame.Width > plan.Window);

    /// <summary>Logits (K, H, W) of an image that is not divided; the caller's scope owns them.</summary>
    /// <param name="image">Normalised, (1, C, H, W).</param>
    public Tensor Whole(Tensor image)
    {
        var frame = FrameOf(image);
        var window = plan.Window == 0 ? frame : new Frame(plan.Window, plan.Window);
        return Run(Padded(image, sizes.For(window)), frame)[0];
    }

    /// <summary>Visits each window's logits; they are valid within the visit.</summary>
    /// <param name="image">Normalised, (1, C, H, W).</param>
    /// <param name="visit">Takes a window.</param>
    public void Visit(Tensor image, Action<WindowPart> visit)
    {
        using var scope = NewDisposeScope();
        var frame = FrameOf(image);
        if (!Divides(frame))
        {
            visit(new WindowPart(Whole(image), 0, 0, null, null));
            return;
        }

        var window = new Frame(plan.Window, plan.Window);
        var input = sizes.For(window);
        var (down, across) = (WindowAxis.Of(frame.Height, window.Height, plan.Overlap), WindowAxis.Of(frame.Width, window.Width, plan.Overlap));
        var canvas = Padded(image, new Frame(down.Starts[^1] + input.Height, across.Starts[^1] + input.Width));
        (int Row, int Column)[] places = [.. from row in Enumerable.Range(0, down.Starts.Count) from column in Enumerable.Range(0, across.Starts.Count) select (row, column)];
        foreach (var batch in places.Chunk(AtATime(image)))
        {
            using var inner = NewDisposeScope();
            var logits = Run(cat([.. batch.Select(p => canvas.narrow(2, down.Starts[p.Row], input.Height).narrow(3, across.Starts[p.Column], input.Width))], 0), window);
            for (var i = 0; i < batch.Length; i++)
            {
                var (rows, columns) = (down.Weights[batch[i].Row], across.Weights[batch[i].Column]);
                visit(new WindowPart(logits[i].narrow(1, 0, rows.Length).narrow(2, 0, columns.Length), down.Starts[batch[i].Row], across.Starts[batch[i].Column], rows, columns));
            }
        }
    }

    private static Frame FrameOf(Tensor image) => new((int)image.shape[2], (int)image.shape[3]);

    // Around the image lies what the network's margin asks for; what is left over below and to the right is 0, the mean of what is fed.
    private Tensor Padded(Tensor image, Frame to)
    {
        image = MirroredMargin.Around(image, sizes.Margin);
        var (below, right) = (Math.Max(0, to.Height - image.shape[2]), Math.Max(0, to.Width - image.shape[3]));
        return below == 0 && right == 0 ? image : functional.pad(image, [0, right, 0, below]);
    }

    private Tensor Run(Tensor images, Frame wanted)
    {
        var logits = MixedPrecision.Logits(network, images.to_channels_last(), plan.Precision);
        var full = sizes.Logits(new Frame((int)images.shape[2], (int)images.shape[3]));

        // As the loss does with an architecture whose upsampling stops before the image's size.
        logits = logits.shape[2] == full.Height && logits.shape[3] == full.Width ? logits : Resampling.To(logits, full.Height, full.Width);
        return logits.narrow(2, 0, wanted.Height).narrow(3, 0, wanted.Width);
    }
}
