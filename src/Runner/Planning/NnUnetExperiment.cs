using System.Globalization;
using System.Text;
using Osteon.Abstractions;
using Osteon.Masks;

namespace Osteon.Runner;

/// <summary>What nnU-Net would do with a data set, written as an experiment that a person can read and edit.</summary>
/// <param name="options">Memory, epochs, folds.</param>
/// <param name="plan">The experiment that is extended.</param>
/// <param name="classes">All of them.</param>
/// <param name="data">Its fingerprint.</param>
public sealed class NnUnetExperiment(NnUnet2dOptions options, Plan plan, IReadOnlyList<string> classes, Fingerprint data)
{
    // nnU-Net rotates oblong patches by 15 degrees only, and scales to 0.85 at least when it measures what has to be cut around a patch.
    private const double Oblong = 1.5;
    private const double LeastScale = 0.85;

    /// <summary>The size that stored pixels are to have; null when images stay as they are.</summary>
    public Spacing? Target => plan.Convert.Size == 0 && !data.IsEvenlySpaced ? data.MedianSpacing : null;

    /// <summary>The median image's height and width in stored pixels, after they have that size.</summary>
    public (double Height, double Width) Median
    {
        get
        {
            (double Height, double Width)[] sizes = [.. data.Frames.Select((frame, i) => Target is { } target
                ? (Math.Round(frame.Height * data.Spacings[i]!.Value.Row / target.Row), Math.Round(frame.Width * data.Spacings[i]!.Value.Column / target.Column))
                : ((double)frame.Height, (double)frame.Width))];
            return (Fingerprint.Median(sizes.Select(s => s.Height)), Fingerprint.Median(sizes.Select(s => s.Width)));
        }
    }

    /// <summary>Patch, depth and batch.</summary>
    public NnUnetTopology Topology => field ??= NnUnetTopology.Of(
        data.MedianSpacing ?? Spacing.Pixels, Median.Height, Median.Width, data.Cases,
        plan.Data.Mode == LabelMode.Multiclass && classes.Contains(options.Background, StringComparer.OrdinalIgnoreCase) ? classes.Count : classes.Count + 1, options.GpuMemoryTargetInGb);

    /// <summary>Side of the square that is cut first, so that a patch turned and scaled within it seldom meets its border.</summary>
    public int FirstCrop
    {
        get
        {
            var (height, width) = ((double)Topology.Patch.Height, (double)Topology.Patch.Width);
            var angle = Math.Max(height, width) / Math.Min(height, width) > Oblong ? Math.PI / 12 : Math.PI / 2;
            var (turnedHeight, turnedWidth) = (Math.Abs((height * Math.Cos(angle)) + (width * Math.Sin(angle))), Math.Abs((width * Math.Cos(angle)) - (height * Math.Sin(angle))));
            return (int)(new[] { height, width, turnedHeight, turnedWidth }.Max() / LeastScale);
        }
    }

    /// <summary>How often each case is drawn in an epoch.</summary>
    public int Repeat => (int)Math.Max(1, Math.Round((double)options.IterationsPerEpoch * Topology.BatchSize / (data.Cases * (options.Folds == 1 ? 1 - plan.Split.ValidationFraction : (options.Folds - 1.0) / options.Folds))));

    /// <summary>The experiment's text.</summary>
    /// <param name="extends">What it is laid over.</param>
    public string ToYaml(string extends)
    {
        var (patch, network) = (Topology.Patch, Topology);
        var (median, mode) = (Median, plan.Data.Mode);
        var text = new StringBuilder(Invariant($"""
            # yaml-language-server: $schema=schema.json
            # Planned by nnunet-2d from {data.Cases} labelled training cases, after Isensee et al. 2021, doi:10.1038/s41592-020-01008-z.
            # An ordinary experiment: edit it at will.
            extends: {Quoted(extends)}
            plan: null
            description: nnU-Net's two-dimensional configuration of {plan.Name}.

            # {Sizes()}

            """));
        if (Target is { } target)
        {
            text.Append(Invariant($"""
                convert:
                  spacing: [{target.Row}, {target.Column}]     # the median of the images' pixels
                  resampling: spline
                  crop: nonzero

                """));
        }
        else
        {
            text.Append("convert: {crop: nonzero}\n");
        }

        if (data.IsEvenlySpaced && plan.Convert.Size == 0)
        {
            text.Append(Invariant($"report: {{spacing: [{data.MedianSpacing!.Value.Row}, {data.MedianSpacing.Value.Column}]}}\n"));
        }

        text.Append(Invariant($$"""
            split:
              folds: {{options.Folds}}

            models:
              nnunet-2d:
                # The median image, {{median.Height}} × {{median.Width}}, is halved {{network.Strides.Count - 1}} times, as long as sides keep four pixels.
                architecture:
                  PlainConvUNet:
                    n_stages: {{network.Strides.Count}}
                    features_per_stage: [{{string.Join(", ", network.Features)}}]
                    kernel_sizes: {{(network.Kernels.All(k => k == (3, 3)) ? "3" : Pairs(network.Kernels))}}
                    strides: {{Pairs(network.Strides)}}
                    n_conv_per_stage: 2
                    n_conv_per_stage_decoder: 2
                    deep_supervision: true
                normalize: {{Normalization()}}

            train:
              epochs: {{options.Epochs}}
              repeat: {{Repeat}}     # about {{options.IterationsPerEpoch}} updates an epoch
              batch_size: {{network.BatchSize}}     # what {{options.GpuMemoryTargetInGb}} GB hold by nnU-Net's reckoning, and at most 5 % of all pixels
              # Patches are {{patch.Height}} × {{patch.Width}}, cut by SpatialTransform out of larger ones, which may lie over an image's border.
              crop: {{FirstCrop}}
              crop_outside: {{FirstCrop - Math.Min(patch.Height, patch.Width)}}
              foreground: 0.33
              loss: [{{(mode == LabelMode.Multiclass ? "CrossEntropy" : "BCE")}}, Dice: {smooth: 0.00001}]
              optimizer:
                SGD: {lr: 0.01, momentum: 0.99, nesterov: true, weight_decay: 0.00003}
              schedule:
                Poly: {power: 0.9}
              gradient_clip_val: 12
              prior_bias: false
              augment:
                - SpatialTransform: {patch_size: [{{patch.Height}}, {{patch.Width}}]}
                - GaussianNoiseTransform
                - GaussianBlurTransform
                - MultiplicativeBrightnessTransform
                - ContrastTransform
                - SimulateLowResolutionTransform
                - GammaTransform: {p_invert_image: 1, p: 0.1}
                - GammaTransform
                - MirrorTransform

            infer:
              window: {{Math.Max(patch.Height, patch.Width)}}
              overlap: 0.5
              tta: {flips: [horizontal, vertical]}

            """));
        return text.ToString();
    }

    private string Sizes()
    {
        var (heights, widths, kinds) = (data.Frames.Select(f => f.Height).ToArray(), data.Frames.Select(f => f.Width).ToArray(), data.Frames.Distinct().Count());
        var spacing = data.MedianSpacing is not { } median ? "not every file tells the size of a pixel, so images stay as they are"
            : data.IsEvenlySpaced ? Invariant($"each pixel measures {median.Row} × {median.Column}")
            : plan.Convert.Size > 0 ? "pixels measure differently, and convert.size has the last word"
            : Invariant($"pixels measure {data.Spacings.Min(s => s!.Value.Row)} to {data.Spacings.Max(s => s!.Value.Row)} from row to row");
        return kinds == 1
            ? Invariant($"All images are {heights[0]} × {widths[0]} pixels; {spacing}.")
            : Invariant($"Images have {kinds} sizes, {heights.Min()} to {heights.Max()} rows and {widths.Min()} to {widths.Max()} columns; {spacing}.");
    }

    private string Normalization() => data.Foreground is { } f
        ? Invariant($"{{Fixed: {{mean: [{f.Mean:G6}], std: [{Math.Max(f.Deviation, 1e-8):G6}], max: 1, clip: [{f.Low:G6}, {f.High:G6}]}}}}     # of the foreground")
        : "ZScore";

    private static string Pairs(IEnumerable<(int Rows, int Columns)> pairs) => $"[{string.Join(", ", pairs.Select(p => $"[{p.Rows}, {p.Columns}]"))}]";

    private static string Quoted(string file) => file.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/') ? file : $"'{file.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
