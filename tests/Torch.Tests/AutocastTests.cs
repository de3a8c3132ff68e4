using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Torch.Tests;

/// <summary>Beside PyTorch's <c>torch.autocast("cpu", dtype=torch.bfloat16)</c> on the same weights; autocast.json says what that gives.</summary>
public sealed class AutocastTests
{
    // bfloat16 keeps 8 bits: 2^-8 a rounding, and a dozen layers of them. Equal kernels give equal bits, others have others:
    // PyTorch's loops without AVX-512 end 0.043 away from float32, convolutions that round once on another side of it.
    private const double Tolerance = 0.06;

    // A share of a gradient's norm. Twice as many layers deep, and sums that nearly cancel: PyTorch's own loops end up to 0.84
    // away from float32, convolutions that round once up to 0.36, and 0.67 from each other.
    private const double GradientTolerance = 0.7;

    private static readonly JsonElement s_golden =
        JsonDocument.Parse(typeof(AutocastTests).Assembly.GetManifestResourceStream("autocast.json")!).RootElement;

    [Fact]
    public void Trains_a_small_unet_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var net = SmallUNet.Filled();
        var logits = Forward(net);
        Assert.Equal(bfloat16, logits.dtype);
        Agrees("logits", logits);
        var loss = SmallUNet.Loss(logits.to(float32), (Parity.Wave([2, 2, 16, 16], phase: 1) > 0).to(float32));
        var expected = s_golden.GetProperty("loss").GetDouble();
        Assert.Equal(expected, loss.item<double>(), expected * Tolerance);
        loss.backward();
        foreach (var (key, parameter) in net.named_parameters())
        {
            Assert.Equal(float32, parameter.grad!.dtype);
            Parity.Agrees(s_golden.GetProperty("gradients").GetProperty(key), parameter.grad!, key, GradientTolerance);
        }

        foreach (var (key, buffer) in net.named_buffers().Where(b => b.buffer.is_floating_point()))
        {
            Assert.Equal(float32, buffer.dtype);                    // the statistics of BatchNorm
            Parity.Agrees(s_golden.GetProperty("statistics").GetProperty(key), buffer, key, Tolerance);
        }
    }

    [Fact]
    public void Predicts_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var net = SmallUNet.Filled();
        Forward(net);                                               // one batch of statistics, as in the script
        net.eval();
        using var noGrad = no_grad();
        Agrees("evaluated", Forward(net));
    }

    [Fact]
    public void Stays_near_float32()
    {
        using var scope = NewDisposeScope();
        using var net = SmallUNet.Filled();
        using var noGrad = no_grad();
        var expected = Values("float32");
        var worst = expected.Zip(Forward(net).to(float64).data<double>().ToArray(), (e, f) => Math.Abs(e - f)).Max();
        Assert.InRange(worst / expected.Max(Math.Abs), 1e-4, 0.1);  // PyTorch's own: 0.043
    }

    [Fact]
    public void Answers_each_operator_in_PyTorchs_type()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Parity.Wave([2, 4, 8, 8]), Parity.Wave([8, 8]));
        using var conv = nn.Conv2d(4, 4, 3);
        using var norm = nn.BatchNorm2d(4);
        using var region = Autocast.Enter(DeviceType.CPU, bfloat16);
        var half = conv.forward(a);
        Assert.Equal(s_golden.GetProperty("types").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()), new Dictionary<string, string?>
        {
            ["conv2d"] = Name(half),
            ["matmul"] = Name(b.matmul(b)),
            ["linear"] = Name(nn.functional.linear(b, b)),
            ["batch_norm"] = Name(norm.forward(half)),
            ["relu"] = Name(half.relu()),
            ["interpolate"] = Name(nn.functional.interpolate(half, scale_factor: [2], mode: InterpolationMode.Bilinear, align_corners: false)),
            ["cat"] = Name(cat([half, half.to(float32)])),
            ["add"] = Name(half + half.to(float32)),
            ["softmax"] = Name(half.softmax(1)),
            ["sigmoid"] = Name(half.sigmoid()),
        });
    }

    private static Tensor Forward(SmallUNet net)
    {
        using var region = Autocast.Enter(DeviceType.CPU, bfloat16);
        return net.forward(Parity.Wave([2, 1, 16, 16]));
    }

    private static void Agrees(string what, Tensor found)
    {
        var expected = Values(what);
        var worst = expected.Zip(found.detach().to(float64).data<double>().ToArray(), (e, f) => Math.Abs(e - f)).Max() / expected.Max(Math.Abs);
        Assert.True(worst <= Tolerance, $"{what}: off by {worst:G3} of the largest");
    }

    private static double[] Values(string what) => [.. s_golden.GetProperty(what).EnumerateArray().Select(v => v.GetDouble())];

    private static string Name(Tensor tensor) => $"torch.{tensor.dtype.ToString().ToLowerInvariant()}";
}
