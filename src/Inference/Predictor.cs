using System.Runtime.InteropServices;
using Osteon.Abstractions;
using Osteon.Datasets;
using Osteon.Masks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference;

/// <summary>
/// Predicts masks at an image's original size, of the whole image or of windows, in one view or several. Logits are averaged, then resized, and judged
/// last, so that no edge is a staircase of small pixels.
/// </summary>
/// <param name="network">Maps (N, C, H, W) to logits (N, K, H, W); put in evaluation mode, not disposed.</param>
/// <param name="mode">How classes relate.</param>
/// <param name="inChannels">Channels the network takes; grey is repeated.</param>
/// <param name="sizes">What the network takes; images are padded and logits cut.</param>
/// <param name="plan">Windows, views, the threshold of classes that have none of their own (unused in multiclass mode), and the precision.</param>
/// <param name="device">Where to compute.</param>
/// <param name="normalize">What the network was trained with; null is ZScore.</param>
public sealed class Predictor(Module<Tensor, Tensor> network, LabelMode mode, int inChannels, InputSizes sizes, InferPlan plan, Device device, NormalizeOptions? normalize = null)
{
    private readonly IReadOnlyList<View> _views = View.Of(plan.Tta);
    private readonly Windows _windows = new(network, sizes, plan);

    /// <summary>Each class's probability from which a pixel belongs to it, in (0, 1); null: the plan's for all.</summary>
    public IReadOnlyList<double>? Thresholds { get; init; }

    /// <summary>Where class k's logits stand in a mirrored view: classes that name a side change places; null: all stay.</summary>
    public IReadOnlyList<int>? MirroredClasses { get; init; }

    /// <summary>One mask a class.</summary>
    /// <param name="image">At the resolution the network was trained at.</param>
    /// <param name="original">The frame of the masks.</param>
    public IReadOnlyList<Mask> Predict(Image image, Frame original)
    {
        using var logits = Logits(image);
        return Masks(logits, original);
    }

    /// <summary>Judges logits.</summary>
    /// <param name="logits">Of one image.</param>
    /// <param name="original">The frame of the masks.</param>
    /// <returns>One mask a class.</returns>
    public IReadOnlyList<Mask> Masks(LogitPlanes logits, Frame original)
    {
        var scaling = new LinearScaling(logits.Frame, original);
        if (mode == LabelMode.Multiclass)
        {
            return scaling.Largest(logits.Classes, k => logits[k]);
        }

        var masks = new Mask[logits.Classes];
        Parallel.For(0, masks.Length, k => masks[k] = scaling.Above(logits[k], LogitOf(Thresholds is null ? plan.Threshold : Thresholds[k])));
        return masks;
    }

    /// <summary>The mean logits of all windows and views.</summary>
    /// <param name="image">At the resolution the network was trained at.</param>
    /// <returns>In the image's frame; the caller disposes them.</returns>
    public LogitPlanes Logits(Image image)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        // Written where it is read: an array beside it would stay in memory until the next collection.
        var pixels = zeros([1, inChannels, image.Frame.Height, image.Frame.Width]);
        NetworkInput.Write(image, image.Frame, inChannels, MemoryMarshal.Cast<byte, float>(pixels.bytes), 0, normalize);
        var seen = device.type == DeviceType.CPU ? pixels : pixels.pin_memory().to(device, non_blocking: true);
        return _views.Count == 1 && _views[0] == View.Plain && !_windows.Divides(image.Frame)
            ? new LogitPlanes(_windows.Whole(seen).cpu().contiguous().DetachFromDisposeScope(), 1)
            : Blended(seen, image.Frame);
    }

    /// <summary>How many different views a plan averages; 1 without one.</summary>
    public static int CountViews(TtaPlan? plan) => View.Of(plan).Count;

    /// <summary>The logit of a probability.</summary>
    public static float LogitOf(double probability) => (float)Math.Log(probability / (1 - probability));

    private LogitPlanes Blended(Tensor image, Frame frame)
    {
        WindowBlend? blend = null;
        try
        {
            foreach (var view in _views)
            {
                using var scope = NewDisposeScope();
                _windows.Visit(view.Apply(image), part =>
                {
                    blend ??= new WindowBlend((int)part.Logits.shape[0], frame, _views.Count, device);
                    blend.Add(part with { Logits = Renamed(part.Logits, view) }, view, view.Upright(frame));
                });
            }

            return new LogitPlanes(blend!.Take(), WindowBlend.Unit);
        }
        finally
        {
            blend?.Dispose();
        }
    }

    private Tensor Renamed(Tensor logits, View view) => view.Mirrored && MirroredClasses is { } classes
        ? logits.index_select(0, tensor([.. classes.Select(k => (long)k)], device: device))
        : logits;
}
