using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.Plugins.Encoders.Inception;

/// <summary>Inception-v4's last block, at 1/32: two of its branches fork again.</summary>
internal sealed class InceptionC : Module<Tensor, Tensor>
{
    private readonly BasicConv2d branch0 = new(1536, 256, 1);
    private readonly BasicConv2d branch1_0 = new(1536, 384, 1);
    private readonly BasicConv2d branch1_1a = new(384, 256, (1, 3));
    private readonly BasicConv2d branch1_1b = new(384, 256, (3, 1));
    private readonly BasicConv2d branch2_0 = new(1536, 384, 1);
    private readonly BasicConv2d branch2_1 = new(384, 448, (3, 1));
    private readonly BasicConv2d branch2_2 = new(448, 512, (1, 3));
    private readonly BasicConv2d branch2_3a = new(512, 256, (1, 3));
    private readonly BasicConv2d branch2_3b = new(512, 256, (3, 1));
    private readonly Sequential branch3 = Branches.Averaged(1536, 256);

    public InceptionC() : base(nameof(InceptionC)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x1 = branch1_0.forward(input);
        var x2 = branch2_2.forward(branch2_1.forward(branch2_0.forward(input)));
        Tensor[] maps =
        [
            branch0.forward(input), branch1_1a.forward(x1), branch1_1b.forward(x1), branch2_3a.forward(x2), branch2_3b.forward(x2), branch3.forward(input),
        ];
        return cat(maps, 1).MoveToOuterDisposeScope();
    }
}
