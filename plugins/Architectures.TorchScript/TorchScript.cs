using Osteon.Abstractions;
using static TorchSharp.torch;

namespace Osteon.Plugins.Architectures.TorchScript;

/// <summary>Which file, and what images it takes.</summary>
public sealed record TorchScriptOptions
{
    /// <summary>What torch.jit.save wrote, relative to the project's root. It is a program: take it from people you trust alone.</summary>
    [InputFile]
    public string File { get; init; } = string.Empty;

    /// <summary>Heights and widths the network takes are multiples of this.</summary>
    public int SizeMultiple { get; init; } = 32;
}

/// <summary>
/// A network that Python exported with torch.jit.script or torch.jit.trace, to be trained on and predicted with. It begins with the
/// file's weights, so that the plan's first guess of its logits does not touch it.
/// </summary>
/// <remarks>
/// forward takes images (N, C, H, W) and returns logits (N, K, H, W); of a tuple or list the first tensor counts, of a dictionary
/// the one named "out", as torchvision's networks return them. A frozen file has nothing to train and is refused.
/// </remarks>
[Architecture("TorchScript")]
public sealed class TorchScript(TorchScriptOptions options) : Architecture
{
    private readonly TorchScriptOptions _options = options switch
    {
        { File: "" } => throw new ConfigurationException("file is missing: name what torch.jit.save wrote, as in 'TorchScript: {file: model.pt}'."),
        { SizeMultiple: < 1 or > 4096 } => throw new ConfigurationException($"size_multiple {options.SizeMultiple} must be 1 to 4096."),
        _ => options,
    };

    /// <inheritdoc/>
    public override Network Build(NetworkShape shape, EncoderFactory encoder)
    {
        try
        {
            var script = jit.load(_options.File, CPU);
            if (script.parameters().Any())
            {
                return new ScriptNetwork(script, _options.SizeMultiple);
            }

            script.Dispose();
            throw new DataException(_options.File, "has no parameters to train: it was frozen. Export it without torch.jit.freeze.");
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or IOException)
        {
            throw new DataException(_options.File, $"cannot be loaded as TorchScript; write it with torch.jit.save(torch.jit.script(model), path). {e.Message}", e);
        }
    }

    private sealed class ScriptNetwork : Network
    {
        private readonly jit.ScriptModule _script;

        public ScriptNetwork(jit.ScriptModule script, int multiple)
            : base(nameof(TorchScript))
        {
            (_script, Sizes) = (script, new InputSizes(multiple));

            // The parts themselves, not the whole under a name of its own: keys stay those of Python's state dictionary.
            foreach (var (name, parameter) in script.named_parameters(recurse: false))
            {
                register_parameter(name, parameter);
            }

            foreach (var (name, buffer) in script.named_buffers(recurse: false))
            {
                register_buffer(name, buffer);
            }

            foreach (var (name, child) in script.named_children())
            {
                register_module(name, child);
            }

            train();
        }

        public override InputSizes Sizes { get; }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var logits = _script.forward(input) switch
            {
                Tensor tensor => tensor,
                Tensor[] { Length: > 0 } tensors => tensors[0],
                System.Runtime.CompilerServices.ITuple { Length: > 0 } tuple when tuple[0] is Tensor first => first,
                object?[] { Length: > 0 } parts when parts[0] is Tensor first => first,
                Dictionary<string, Tensor> named when named.TryGetValue("out", out var main) => main,
                var other => throw new ConfigurationException($"forward returns {other?.GetType().Name ?? "None"}; a tensor, a tuple or list that begins with one, or a dictionary with 'out' can be trained."),
            };
            return logits.MoveToOuterDisposeScope();
        }

        public override void train(bool train = true)
        {
            base.train(train);
            _script.train(train);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _script.Dispose();
        }
    }
}
