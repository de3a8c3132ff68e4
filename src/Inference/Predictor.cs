using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Imaging;
using Osteon.Masks;
using Osteon.Models;
using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference;

/// <summary>Predicts masks at an image's original size: logits are resized first, then judged, so that no edge is a staircase of small pixels.</summary>
/// <param name="network">Maps (N, C, H, W) to logits (N, K, H, W); put in evaluation mode, not disposed.</param>
/// <param name="mode">How classes relate.</param>
/// <param name="inChannels">Channels the network takes; grey is repeated.</param>
/// <param name="sizes">What the network takes; images are padded and logits cut.</param>
/// <param name="plan">The threshold, unused in multiclass mode, and the precision.</param>
/// <param name="device">Where to compute.</param>
/// <param name="normalize">What the network was trained with; null is ZScore.</param>
public sealed class Predictor(Module<Tensor, Tensor> network, LabelMode mode, int inChannels, InputSizes sizes, InferPlan plan, Device device, NormalizeOptions? normalize = null)
{
    private readonly float _logit = (float)Math.Log(plan.Threshold / (1 - plan.Threshold));

    /// <summary>One mask a class.</summary>
    /// <param name="image">At the resolution the network was trained at.</param>
    /// <param name="original">The frame of the masks.</param>
    public IReadOnlyList<Mask> Predict(Image image, Frame original)
    {
        var (logits, classes) = Logits(image);
        return mode == LabelMode.Multilabel
            ? Threshold(logits, classes, image.Frame, original)
            : LargestLogit.Masks(logits, classes, image.Frame, original);
    }

    private Mask[] Threshold(float[] logits, int classes, Frame from, Frame original)
    {
        var masks = new Mask[classes];
        Parallel.For(0, classes, () => new float[original.Area], (k, _, plane) =>
        {
            Resize.LinearPlanes(logits.AsSpan(k * from.Area, from.Area), 1, from, original, plane);
            masks[k] = Mask.FromThreshold(plane, original, _logit);
            return plane;
        }, _ => { });
        return masks;
    }

    private (float[] Logits, int Classes) Logits(Image image)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        var frame = sizes.For(image.Frame);
        var planes = new float[inChannels * frame.Area];
        NetworkInput.Write(image, frame, inChannels, planes, sizes.Margin, normalize);
        var input = Transfer.To(planes, [1, inChannels, frame.Height, frame.Width], device).to_channels_last();
        var output = Enlarged(MixedPrecision.Logits(network, input, plan.Precision), sizes.Logits(frame))
            .narrow(2, 0, image.Frame.Height).narrow(3, 0, image.Frame.Width);
        return (output.cpu().contiguous().data<float>().ToArray(), (int)output.shape[1]);
    }

    // As the loss does with an architecture whose upsampling stops before the image's size.
    private static Tensor Enlarged(Tensor logits, Frame to) => logits.shape[2] == to.Height && logits.shape[3] == to.Width
        ? logits
        : Resampling.To(logits, to.Height, to.Width);
}
