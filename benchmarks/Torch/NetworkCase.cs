using System.Globalization;
using Osteon.Abstractions;
using Osteon.Models;
using Osteon.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Osteon.TorchBenchmarks;

/// <summary>A network as the Trainer and the Predictor run it; weights, batch and first logits come from a file that PyTorch reads too.</summary>
internal sealed class NetworkCase
{
    private const int Classes = 4, LearningSteps = 30;
    private readonly Dictionary<string, object> _found;
    private readonly List<double> _losses = [];
    private readonly bool _narrow;
    private readonly Module<Tensor, Tensor> _network;
    private readonly Tensor _images, _targets;
    private readonly optim.Optimizer _optimizer;

    public NetworkCase(string name, string network, string data, Dictionary<string, object> found)
    {
        _found = found;
        _narrow = name.EndsWith("bf16", StringComparison.Ordinal);
        _network = Build(network, Size(name));
        using (NewDisposeScope())
        {
            var state = SafeTensors.Read(data);
            _images = Taken(state, "images").contiguous(channels_last).DetachFromDisposeScope();
            _targets = Taken(state, "targets").DetachFromDisposeScope();
            state.Remove("logits");
            _network.load_state_dict(state);
        }

        _network.to_channels_last();
        _network.train();
        _optimizer = optim.Adam(_network.parameters());
        _found["parameters"] = _network.parameters().Sum(p => p.numel());
    }

    /// <summary>Writes weights, a batch, and the logits of both in evaluation mode, once for each network, size and batch; empty for a case that needs none.</summary>
    public static string Write(string folder, string name, string networkName, int batch)
    {
        if (!name.Contains('-', StringComparison.Ordinal))
        {
            return "";
        }

        var size = Size(name);
        var path = Path.Combine(folder, $"{networkName}-{size}-batch{batch}.safetensors");
        if (!File.Exists(path))
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var grad = no_grad();
            using var network = Build(networkName, size);
            foreach (var (_, scale) in network.named_parameters().Where(p => p.name.EndsWith(".gamma", StringComparison.Ordinal)))
            {
                scale.fill_(0.1);               // ConvNeXt's first 1e-6 would hide from the logits what its blocks do
            }

            network.to_channels_last();         // what is measured is what the peer compares
            network.eval();
            var (images, targets) = Discs.Draw(batch, Classes, size);
            SafeTensors.Write(path, [.. network.state_dict(), new("images", images), new("targets", targets), new("logits", network.call(images.contiguous(channels_last)))]);
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

    private static Network Build(string network, int size) => Networks.Build(network, new NetworkShape(3, Classes), size);

    private static int Size(string name) => int.Parse(name.Split('-')[1], CultureInfo.InvariantCulture);

    private static Tensor Taken(Dictionary<string, Tensor> state, string name) => state.Remove(name, out var tensor) ? tensor : throw new KeyNotFoundException(name);
}
