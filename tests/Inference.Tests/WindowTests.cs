using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Osteon.Abstractions;
using Osteon.Masks;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ResNet;
using Osteon.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Inference.Tests;

/// <summary>Windows and views, against nnU-Net's rule and against laws.</summary>
public sealed class WindowTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "windows.json"))).RootElement;

    private static readonly TtaPlan All = new() { Flips = [FlipAxis.Horizontal, FlipAxis.Vertical], Rotations = [90, 180, 270] };

    [Fact]
    public void Places_windows_as_nnU_Net_does() => Assert.All(Golden.GetProperty("places").EnumerateArray(), place => Assert.Equal(
        place.GetProperty("starts").EnumerateArray().Select(s => s.GetInt32()),
        WindowAxis.Of(place.GetProperty("length").GetInt32(), place.GetProperty("window").GetInt32(), place.GetProperty("overlap").GetDouble()).Starts));

    [Fact]
    public void Weights_windows_as_SciPy_s_Gaussian_of_an_eighth_does()
    {
        double[] expected = [.. Golden.GetProperty("profile").EnumerateArray().Select(v => v.GetDouble())];
        Assert.All(expected.Zip(WindowAxis.Profile(expected.Length)), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-9));
    }

    [Fact]
    public void Weights_over_each_pixel_add_up_to_one() => Prop.ForAll(
        (from length in Gen.Choose(1, 300) from window in Gen.Choose(1, 120) from overlap in Gen.Elements(0.0, 0.3, 0.5, 0.9) select (length, window, overlap)).ToArbitrary(),
        axis =>
        {
            var windows = WindowAxis.Of(axis.length, axis.window, axis.overlap);
            var sum = new double[axis.length];
            foreach (var (start, weights) in windows.Starts.Zip(windows.Weights))
            {
                for (var i = 0; i < weights.Length; i++)
                {
                    sum[start + i] += weights[i];
                }
            }

            return sum.All(s => Math.Abs(s - 1) < 1e-6);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(16, 0.5)]
    [InlineData(16, 0.0)]
    [InlineData(23, 0.75)]
    public void Windows_and_views_of_a_network_without_a_neighbourhood_change_nothing(int window, double overlap)
    {
        using var network = new Pointwise();
        var image = Noise(37, 52);
        var whole = Logits(network, new InferPlan(), image);
        Close(whole, Logits(network, new InferPlan { Window = window, Overlap = overlap }, image));
        Close(whole, Logits(network, new InferPlan { Window = window, Overlap = overlap, Tta = All }, image));
    }

    [Fact]
    public void Shows_the_network_eight_different_images_of_two_flips_and_three_turns()
    {
        var views = View.Of(All);
        Assert.Equal(8, views.Count);
        Assert.Equal(View.Plain, views[0]);
        using var scope = NewDisposeScope();
        var image = arange(6, ScalarType.Float32).reshape(1, 1, 2, 3);
        Assert.Equal(8, views.Select(v => string.Join(' ', v.Apply(image).contiguous().data<float>()) + v.Apply(image).shape[2]).Distinct().Count());
    }

    [Fact]
    public void Brings_every_window_of_every_view_back_to_its_place()
    {
        using var scope = NewDisposeScope();
        var frame = new Frame(5, 7);
        var image = arange(frame.Area, ScalarType.Float32).reshape(1, 1, frame.Height, frame.Width);
        foreach (var view in View.Of(All))
        {
            var seen = view.Apply(image);
            for (var (top, left) = (0, 0); top < 3; (top, left) = (top + 1, (left + 2) % 3))
            {
                var part = view.Upright(seen.narrow(2, top, 2).narrow(3, left, 3)[0]);
                var (y, x) = view.Upright(top, left, 2, 3, frame);
                Assert.Equal(image[0].narrow(1, y, part.shape[1]).narrow(2, x, part.shape[2]).contiguous().data<float>(), part.contiguous().data<float>());
            }
        }
    }

    [Fact]
    public void The_result_does_not_depend_on_how_many_windows_are_computed_at_a_time()
    {
        using var network = SmallUnet();
        var image = Noise(100, 140);
        var expected = Logits(network, new InferPlan { Window = 64 }, image);
        foreach (var batch in new[] { 2, 3, 8, 64 })
        {
            Assert.Equal(expected, Logits(network, new InferPlan { Window = 64, BatchSize = batch }, image));
        }
    }

    [Fact]
    public void The_result_does_not_depend_on_the_order_of_windows_and_views()
    {
        using var network = SmallUnet();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        network.eval();
        var windows = new Windows(network, network.Sizes, new InferPlan { Window = 64 });
        var image = randn([1, 1, 100, 140]);
        var parts = new List<(WindowPart Part, View View)>();
        foreach (var view in View.Of(All with { Scales = [1, 0.8] }))
        {
            windows.Visit(view.Apply(image), part => parts.Add((part with { Logits = part.Logits.clone().DetachFromDisposeScope() }, view)));
        }

        float[] Sum(IEnumerable<(WindowPart Part, View View)> order)
        {
            using var blend = new WindowBlend(3, new Frame(100, 140), 16, CPU);
            foreach (var (part, view) in order)
            {
                blend.Add(part, view, view.Upright(new Frame(100, 140)));
            }

            using var planes = new LogitPlanes(blend.Take(), WindowBlend.Unit);
            return Values(planes);
        }

        var expected = Sum(parts);
        Assert.Equal(expected, Sum(parts.AsEnumerable().Reverse()));
        var shuffled = parts.ToArray();
        var random = RandomStream.For(1, "order");
        random.Shuffle(shuffled.AsSpan());
        Assert.Equal(expected, Sum(shuffled));
        parts.ForEach(p => p.Part.Logits.Dispose());
    }

    [Fact]
    public void A_window_as_large_as_the_image_is_the_image()
    {
        using var network = SmallUnet();
        var image = Noise(64, 64);
        Assert.Equal(Logits(network, new InferPlan(), image), Logits(network, new InferPlan { Window = 64 }, image));
    }

    [Fact]
    public void Views_at_other_scales_are_brought_back_to_the_image_s_size()
    {
        // A network that gives 1 everywhere gives 1 at every scale; the grid is the image's.
        using var network = new Pointwise();
        using var planes = Predictor(network, new InferPlan { Tta = new TtaPlan { Scales = [0.5, 1, 1.37] } }).Logits(new Image(new Frame(33, 21), 1, [.. Enumerable.Repeat((byte)7, 33 * 21)]));
        Assert.Equal(new Frame(33, 21), planes.Frame);
        Assert.All(Values(planes), v => Assert.Equal(0, v, tolerance: 1e-5f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(23)]
    public void Windows_at_other_scales_add_up_to_what_torch_makes_of_the_whole_image(int window)
    {
        using var network = new Pointwise();
        var image = Noise(37, 52);
        double[] scales = [0.5, 1, 1.37, 2];
        var actual = Logits(network, new InferPlan { Window = window, Tta = new TtaPlan { Scales = scales, Flips = [FlipAxis.Vertical] } }, image);

        using var scope = NewDisposeScope();
        var pixels = new float[image.Frame.Area];
        Datasets.NetworkInput.Write(image, image.Frame, 1, pixels);
        var seen = tensor(pixels, [1, 1, 37, 52]);
        Tensor To(Tensor x, double height, double width) => functional.interpolate(x, size: [(long)Math.Round(height), (long)Math.Round(width)], mode: InterpolationMode.Bilinear, align_corners: false);
        var expected = scales.Select(scale => To(network.call(To(seen, 37 * scale, 52 * scale)), 37, 52)).Aggregate((a, b) => a + b) / scales.Length;
        Close([.. expected.contiguous().data<float>()], actual);
    }

    [Fact]
    public void Sides_change_places_in_a_mirrored_view()
    {
        // Class 0 is bright in the left half, class 1 in the right: mirrored, each is the other's.
        using var network = new Halves();
        var image = Noise(4, 8);
        var plan = new InferPlan { Tta = new TtaPlan { Flips = [FlipAxis.Horizontal] } };
        using var plain = Predictor(network, new InferPlan()).Logits(image);
        using var swapped = new Predictor(network, LabelMode.Multilabel, 1, new InputSizes(1), plan, CPU) { MirroredClasses = [1, 0] }.Logits(image);
        using var unaware = Predictor(network, plan).Logits(image);
        Close(Values(plain), Values(swapped));
        Assert.All(Values(unaware), v => Assert.Equal(0.5f, v));
    }

    [Fact]
    public void Each_class_has_its_threshold()
    {
        using var network = new Pointwise();
        var image = Noise(20, 20);
        var all = Predictor(network, new InferPlan()).Predict(image, image.Frame);
        var own = new Predictor(network, LabelMode.Multilabel, 1, new InputSizes(1), new InferPlan(), CPU) { Thresholds = [0.5, 0.7] }.Predict(image, image.Frame);
        Assert.Equal(all[0], own[0]);
        Assert.True(own[1].Area < all[1].Area && own[1].Area > 0);
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance: 3e-5f);
        }
    }

    private static float[] Logits(Network network, InferPlan plan, Image image)
    {
        using var planes = new Predictor(network, LabelMode.Multilabel, 1, network.Sizes, plan, CPU).Logits(image);
        return Values(planes);
    }

    private static float[] Values(LogitPlanes planes) => [.. Enumerable.Range(0, planes.Classes).SelectMany(k => planes[k].ToArray())];

    private static Predictor Predictor(Module<Tensor, Tensor> network, InferPlan plan) => new(network, LabelMode.Multilabel, 1, new InputSizes(1), plan, CPU);

    private static Image Noise(int height, int width)
    {
        var random = RandomStream.For(7, "noise", height, width);
        var image = new Image(new Frame(height, width));
        foreach (ref var pixel in image.Bytes)
        {
            pixel = (byte)random.NextInt(256);
        }

        return image;
    }

    private static Network SmallUnet()
    {
        manual_seed(3);
        return new Unet(new UnetOptions { EncoderDepth = 3, DecoderChannels = [32, 16, 8] }).Build(new NetworkShape(1, 3), o => new ResNetEncoder(o with { Name = "resnet18" }));
    }

    /// <summary>Two classes whose logits depend on a pixel alone.</summary>
    private sealed class Pointwise() : Network("pointwise")
    {
        public override InputSizes Sizes => new(1);

        public override Tensor forward(Tensor input) => cat([input * 1.5, input * -0.7], 1);
    }

    /// <summary>Class 0 is 1 in the left half, class 1 in the right.</summary>
    private sealed class Halves() : Module<Tensor, Tensor>("halves")
    {
        public override Tensor forward(Tensor input)
        {
            var left = arange(input.shape[3], ScalarType.Float32).lt(input.shape[3] / 2).to(ScalarType.Float32).reshape(1, 1, 1, -1) + zeros_like(input);
            return cat([left, 1 - left], 1);
        }
    }
}
