using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Torch.Tests;

/// <summary>The network of make_parity.py, member for member.</summary>
internal sealed class SmallUNet : Module<Tensor, Tensor>
{
    private readonly Sequential enc1 = Block(1, 4);
    private readonly Sequential enc2 = Block(4, 8);
    private readonly Sequential mid = Block(8, 8);
    private readonly Sequential dec2 = Block(16, 4);
    private readonly Sequential dec1 = Block(8, 4);
    private readonly ConvTranspose2d up = ConvTranspose2d(4, 4, 2, stride: 2);
    private readonly MaxPool2d pool = MaxPool2d(2);
    private readonly Conv2d head = Conv2d(4, 2, 1);

    public SmallUNet()
        : base("UNet") => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var a = enc1.forward(input);
        var b = enc2.forward(pool.forward(a));
        var c = mid.forward(pool.forward(b));
        c = functional.interpolate(c, scale_factor: [2], mode: InterpolationMode.Bilinear, align_corners: true);
        var d = dec2.forward(cat([b, c], 1));
        return head.forward(dec1.forward(cat([a, up.forward(d)], 1))).MoveToOuterDisposeScope();
    }

    /// <summary>With make_parity.py's weights.</summary>
    public static SmallUNet Filled(ScalarType dtype = ScalarType.Float32)
    {
        var net = new SmallUNet();
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var k = 0;
        foreach (var p in net.parameters())
        {
            p.copy_(p.ndim > 1 ? Parity.Wave(p.shape, k, 1 / Math.Sqrt(p.numel() / p.shape[0])) : 1 + Parity.Wave(p.shape, k, 0.1));
            k++;
        }

        net.to(dtype);
        return net;
    }

    public static Tensor Loss(Tensor logits, Tensor target)
    {
        using var scope = NewDisposeScope();
        var p = logits.sigmoid();
        var dice = ((2 * (p * target).sum()) + 1) / (p.sum() + target.sum() + 1);
        return (functional.binary_cross_entropy_with_logits(logits, target) + (1 - dice)).MoveToOuterDisposeScope();
    }

    /// <summary>One step of make_parity.py's training; the loss, and the gradient's norm before clipping.</summary>
    public (double Loss, double Norm) Step(optim.Optimizer optimizer, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var x = Parity.Wave([2, 1, 16, 16]).to(dtype);
        var y = (Parity.Wave([2, 2, 16, 16], phase: 1) > 0).to(dtype);
        optimizer.zero_grad();
        var loss = Loss(forward(x), y);
        loss.backward();
        var norm = nn.utils.clip_grad_norm_(parameters(), 1);
        optimizer.step();
        return (loss.item<double>(), norm);
    }

    private static Sequential Block(long i, long o) => Sequential(
        Conv2d(i, o, 3, padding: 1, bias: false), BatchNorm2d(o), ReLU(true),
        Conv2d(o, o, 3, padding: 1, bias: false), BatchNorm2d(o), ReLU(true));
}
