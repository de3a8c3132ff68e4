using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference;

/// <summary>Tells which class an image is of, in one view or several: logits are averaged over views, and become probabilities last.</summary>
/// <param name="network">Maps (N, C, H, W) to logits (N, K); put in evaluation mode, not disposed.</param>
/// <param name="channels">Channels that grey is repeated over; masks come behind them.</param>
/// <param name="sizes">What the network takes; images are padded.</param>
/// <param name="plan">Views and precision.</param>
/// <param name="device">Where to compute.</param>
/// <param name="normalize">What the network was trained with; null is ZScore.</param>
public sealed class ImageClassifier(Module<Tensor, Tensor> network, int channels, InputSizes sizes, InferPlan plan, Device device, NormalizeOptions? normalize = null)
{
    private readonly IReadOnlyList<View> _views = View.Of(plan.Tta);

    /// <summary>Where class k's logit stands in a mirrored view: classes that name a side change places; null: all stay.</summary>
    public IReadOnlyList<int>? MirroredClasses { get; init; }

    /// <summary>The softmax of the mean logits of all views, a number a class.</summary>
    /// <param name="image">At the resolution the network was trained at.</param>
    /// <param name="words">Masks in the image's frame: as many channels as <paramref name="planes"/> says, class 0 first; null where the network takes none.</param>
    /// <param name="planes">Masks that the network takes.</param>
    public double[] Probabilities(Image image, LabelMap? words = null, int planes = 0)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        var (frame, all) = (image.Frame, channels + planes);
        var pixels = new float[(long)all * frame.Area];
        NetworkInput.Write(image, frame, channels, pixels.AsSpan(0, channels * frame.Area), 0, normalize);
        for (var k = 0; k < planes; k++)
        {
            Draw(words!.ToMask(k), pixels.AsSpan((channels + k) * frame.Area, frame.Area));
        }

        var seen = Transfer.To(pixels, [1, all, frame.Height, frame.Width], device);
        Tensor? sum = null;
        foreach (var view in _views)
        {
            var logits = MixedPrecision.Logits(network, Padded(view.Apply(seen)).to_channels_last(), plan.Precision)[0].to(ScalarType.Float64);
            logits = view.Mirrored && MirroredClasses is { } order ? logits.index_select(0, tensor([.. order.Select(k => (long)k)], device: device)) : logits;
            sum = sum is null ? logits : sum + logits;
        }

        return (sum! / _views.Count).softmax(0).cpu().data<double>().ToArray();
    }

    // As batches are in training: the image at the top left, 0 beside and below, which is the mean of what is fed.
    private Tensor Padded(Tensor image)
    {
        var (height, width) = ((int)image.shape[2], (int)image.shape[3]);
        var frame = sizes.For(new Frame(height, width));
        if (frame.Height == height && frame.Width == width)
        {
            return image;
        }

        var canvas = zeros([1, image.shape[1], frame.Height, frame.Width], device: device);
        canvas.narrow(2, 0, height).narrow(3, 0, width).copy_(image);
        return canvas;
    }

    private static void Draw(Mask mask, Span<float> plane)
    {
        foreach (var run in mask.Runs)
        {
            plane.Slice(run.Start, run.Length).Fill(1);
        }
    }
}
