using Osteon.Abstractions;
using Osteon.Testing;
using TorchSharp;
using TorchSharp.Modules;
using Xunit.Sdk;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Encoder = Osteon.Abstractions.Encoder;

namespace Osteon.Models.Tests;

/// <summary>An encoder of a plugin author, which keeps the contract.</summary>
public sealed class HalvingEncoderTests : EncoderContract<HalvingEncoderTests.HalvingEncoder>
{
    [Encoder("halving")]
    public sealed class HalvingEncoder(EncoderOptions options) : Halving(options, Fault.None);

    public enum Fault
    {
        None,
        Channels,
        Unused,
        Remembers,
        Leaks,
    }

    /// <summary>The image and its halves, or a fault that the contract tells.</summary>
    public abstract class Halving : Encoder
    {
        private readonly ModuleList<Sequential> stages;
        private readonly Conv2d? unused;
        private readonly BatchNorm2d? norm;
        private readonly Fault _fault;

        protected Halving(EncoderOptions options, Fault fault)
            : base(options.Name, [options.InChannels, .. Enumerable.Repeat(fault == Fault.Channels ? 5 : 4, options.Depth)], [.. Enumerable.Range(0, options.Depth + 1).Select(i => 1 << i)])
        {
            if (options.OutputStride != 32)
            {
                throw new ConfigurationException("an output stride of 32 alone.");
            }

            _fault = fault;
            stages = ModuleList([.. Enumerable.Range(0, options.Depth).Select(i => Blocks.Conv2dReLU(i == 0 ? options.InChannels : 4, 4, stride: 2))]);
            unused = fault == Fault.Unused ? Conv2d(1, 1, 1) : null;
            norm = fault == Fault.Remembers ? BatchNorm2d(options.InChannels, affine: false) : null;
            RegisterComponents();
        }

        public override IReadOnlyList<Tensor> forward(Tensor input)
        {
            if (_fault == Fault.Leaks)
            {
                return Maps(input);
            }

            using var scope = NewDisposeScope();
            return [input, .. Maps(input).Skip(1).ToList().MoveToOuterDisposeScope()];
        }

        private List<Tensor> Maps(Tensor input)
        {
            var maps = new List<Tensor> { input };
            norm?.train();
            var x = norm?.forward(input) ?? input + 0;
            foreach (var stage in stages)
            {
                x = stage.forward(x);
                maps.Add(x);
            }

            return maps;
        }
    }

    private sealed class Faulty(EncoderOptions options, Fault fault) : Halving(options, fault);

    [Theory]
    [InlineData(Fault.Channels, "declares map 1 of (2, 5, 16, 32) and gives (2, 4, 16, 32)")]
    [InlineData(Fault.Unused, "unused.weight gets none")]
    [InlineData(Fault.Remembers, "changes what the module holds")]
    [InlineData(Fault.Leaks, "leaves 6 in the caller's scope")]
    public void A_fault_is_told(Fault fault, string told)
    {
        Encoder Create(EncoderOptions options) => new Faulty(options, fault);
        var asked = new EncoderOptions { Name = "faulty" };
        using var encoder = Create(asked);
        var failure = Assert.ThrowsAny<XunitException>(() =>
        {
            EncoderLaws.MapsAreAsDeclared(Create, asked);
            EncoderLaws.GradientReachesEveryParameter(encoder, 3);
            EncoderLaws.EvaluationIsDeterministic(encoder, 3);
        });
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }
}
