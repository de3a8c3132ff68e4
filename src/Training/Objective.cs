using Osteon.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Training;

/// <summary>The weighted sum of losses.</summary>
public static class Objective
{
    /// <summary>Over all outputs of a network; a scalar with gradient, the caller's scope owns it.</summary>
    public static Tensor Of(TrainJob job, IReadOnlyList<NetworkOutput> kinds, IReadOnlyList<Tensor> outputs, Tensor targets) =>
        Of(job.Losses, job.Mode, kinds, outputs, targets);

    /// <summary>The same of losses that no job holds.</summary>
    public static Tensor Of(IReadOnlyList<WeightedLoss> losses, LabelMode mode, IReadOnlyList<NetworkOutput> kinds, IReadOnlyList<Tensor> outputs, Tensor targets)
    {
        var sum = Of(losses, mode, kinds[0].Kind, outputs[0], targets);
        sum = kinds[0].Weight == 1 ? sum : sum * kinds[0].Weight;
        for (var i = 1; i < outputs.Count; i++)
        {
            if (kinds[i].Weight != 0)
            {
                sum += Of(losses, mode, kinds[i].Kind, outputs[i], targets) * kinds[i].Weight;
            }
        }

        return sum;
    }

    /// <summary>Over logits of the targets' size; a scalar with gradient, the caller's scope owns it.</summary>
    public static Tensor Of(TrainJob job, Tensor logits, Tensor targets) => Of(job.Losses, job.Mode, logits, targets);

    private static Tensor Of(IReadOnlyList<WeightedLoss> losses, LabelMode mode, Tensor logits, Tensor targets)
    {
        var sum = Weighted(losses[0], mode, logits, targets);
        foreach (var loss in losses.Skip(1))
        {
            sum += Weighted(loss, mode, logits, targets);
        }

        return sum;
    }

    private static Tensor Weighted(WeightedLoss loss, LabelMode mode, Tensor logits, Tensor targets)
    {
        var value = loss.Loss.Forward(logits, targets, mode);
        return value.dim() == 0
            ? value * loss.Weight
            : throw new ConfigurationException($"Loss {loss.Name} leaves {value.numel()} numbers where training needs one. Set its reduction to mean or sum.");
    }

    /// <summary>Which of the losses are no finite number, or, when each is one, all of them: their sum is not.</summary>
    public static IReadOnlyList<string> Broken(TrainJob job, IReadOnlyList<NetworkOutput> kinds, IReadOnlyList<Tensor> outputs, Tensor targets)
    {
        using var noGrad = no_grad();
        string[] broken = [.. job.Losses.Where(l => !float.IsFinite(Of(job with { Losses = [l] }, kinds, outputs, targets).item<float>())).Select(l => l.Name)];
        return broken.Length > 0 ? broken : [.. job.Losses.Select(l => l.Name)];
    }

    private static Tensor Of(IReadOnlyList<WeightedLoss> losses, LabelMode mode, OutputKind kind, Tensor output, Tensor targets) => kind switch
    {
        OutputKind.Logits => Of(losses, mode, Resized(output, targets, InterpolationMode.Bilinear), targets),
        OutputKind.CoarseLogits => Of(losses, mode, output, Resized(targets, output, InterpolationMode.Nearest)),
        OutputKind.ImageLogits => Of(losses, mode, output.reshape(output.shape[0], output.shape[1], 1, 1), targets),
        OutputKind.Presence => functional.binary_cross_entropy_with_logits(output, targets.amax([2, 3])),
        _ => throw new InvalidOperationException($"an output that is {kind} has no loss."),
    };

    private static Tensor Resized(Tensor maps, Tensor like, InterpolationMode mode) => maps.shape[2] == like.shape[2] && maps.shape[3] == like.shape[3]
        ? maps
        : functional.interpolate(maps, size: [like.shape[2], like.shape[3]], mode: mode, align_corners: mode == InterpolationMode.Bilinear ? false : null);
}
