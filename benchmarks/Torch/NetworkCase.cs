using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Plugins.Architectures.Unet;
using Osteon.Plugins.Encoders.ResNet;
using Osteon.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.TorchBenchmarks;

/// <summary>U-Net over ResNet-34, batch 4, as the Trainer and the Predictor run it; weights and batch come from a file that PyTorch reads too.</summary>
internal sealed class NetworkCase
{
    private const int Batch = 4, Classes = 4, LearningSteps = 30;
    private readonly Dictionary<string, object> _found;
    private readonly List<double> _losses = [];
    private readonly bool _narrow;
    private readonly Module<Tensor, Tensor> _network;
    private readonly Tensor _images, _targets;
    private readonly optim.Optimizer _optimizer;

    public NetworkCase(string name, string data, Dictionary<string, object> found)
    {
        _found = found;
        _narrow = name.EndsWith("bf16", StringComparison.Ordinal);
        _network = Build();
        using (NewDisposeScope())
        {
            var state = SafeTensors.Read(data);
            _images = Taken(state, "images").contiguous(channels_last).DetachFromDisposeScope();
            _targets = Taken(state, "targets").DetachFromDisposeScope();
            _network.load_state_dict(state);
        }

        _network.to_channels_last();
        _network.train();
        _optimizer = optim.Adam(_network.parameters());
    }

    /// <summary>Writes weights and a batch once for each size; empty for a case that needs none.</summary>
    public static string Write(string folder, string name)
    {
        if (name.Split('-') is not [_, var side, ..])
        {
            return "";
        }

        var size = int.Parse(side, CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"unet-resnet34-{size}.safetensors");
        if (!File.Exists(path))
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var network = Build();
            var (images, targets) = Discs.Draw(Batch, Classes, size);
            SafeTensors.Write(path, [.. network.state_dict(), new("images", images), new("targets", targets)]);
        }

        return path;
    }

    public void TrainingStep()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        var loss = functional.binary_cross_entropy_with_logits(Logits(), _targets);
        _losses.Add(loss.item<float>());
        loss.backward();
        _optimizer.step();
        _found["losses"] = _losses;
    }

    /// <summary>Some dozens of steps on one batch, then how well the network has learnt it.</summary>
    public void Learning()
    {
        for (var step = 0; step < LearningSteps; step++)
        {
            TrainingStep();
        }

        _network.eval();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var predicted = Logits().ge(0).to(ScalarType.Float32);
        _found["dice"] = 2 * (predicted * _targets).sum().item<float>() / (predicted + _targets).sum().item<float>();
        _network.train();
    }

    public void Inference()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        _network.eval();
        _found["mean"] = Logits().abs().mean().item<float>();
    }

    private Tensor Logits()
    {
        using var autocast = _narrow ? Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16) : null;
        return _network.call(_images).to(ScalarType.Float32);
    }

    private static Module<Tensor, Tensor> Build() => new Unet(new UnetOptions())
        .Build(new NetworkShape(3, Classes), o => new ResNetEncoder(o with { Name = "resnet34" }));

    private static Tensor Taken(Dictionary<string, Tensor> state, string name) => state.Remove(name, out var tensor) ? tensor : throw new KeyNotFoundException(name);
}
