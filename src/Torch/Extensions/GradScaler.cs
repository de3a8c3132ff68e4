using static TorchSharp.torch;

namespace Osteon.Torch;

/// <summary>
/// Keeps small gradients from vanishing in float16: the loss is multiplied by a scale, gradients are divided by it before the
/// optimiser sees them, and a step whose gradients are not all finite is left out. PyTorch's GradScaler, member for member.
/// </summary>
/// <remarks>Micikevicius et al. 2018, arXiv:1710.03740. Works on any device; the scale is a float32 number, as PyTorch's is.</remarks>
public sealed class GradScaler
{
    private readonly Dictionary<optim.Optimizer, (bool Finite, bool Stepped)> _unscaled = new(ReferenceEqualityComparer.Instance);
    private readonly bool _enabled;
    private double _growth;
    private double _backoff;
    private int _interval;
    private float _scale;
    private int _tracker;

    /// <param name="init_scale">The first scale, above 0.</param>
    /// <param name="growth_factor">What the scale is multiplied by after <paramref name="growth_interval"/> finite steps on end, above 1.</param>
    /// <param name="backoff_factor">What it is multiplied by after a step that was not, in (0, 1).</param>
    /// <param name="growth_interval">At least 1.</param>
    /// <param name="enabled">False: losses, gradients and steps pass through untouched.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is on the wrong side of 1.</exception>
    public GradScaler(double init_scale = 65536, double growth_factor = 2, double backoff_factor = 0.5, int growth_interval = 2000, bool enabled = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(init_scale);
        (_enabled, _scale) = (enabled, (float)init_scale);
        set_growth_factor(growth_factor);
        set_backoff_factor(backoff_factor);
        set_growth_interval(growth_interval);
    }

    /// <summary>Whether it does anything.</summary>
    public bool is_enabled() => _enabled;

    /// <summary>The scale now; 1 when disabled.</summary>
    public double get_scale() => _enabled ? _scale : 1;

    /// <summary>What the scale grows by.</summary>
    public double get_growth_factor() => _growth;

    /// <summary>Above 1.</summary>
    public void set_growth_factor(double new_factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(new_factor, 1);
        _growth = new_factor;
    }

    /// <summary>What the scale shrinks by.</summary>
    public double get_backoff_factor() => _backoff;

    /// <summary>In (0, 1).</summary>
    public void set_backoff_factor(double new_factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(new_factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(new_factor, 1);
        _backoff = new_factor;
    }

    /// <summary>Finite steps on end before the scale grows.</summary>
    public int get_growth_interval() => _interval;

    /// <summary>At least 1.</summary>
    public void set_growth_interval(int new_interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(new_interval, 1);
        _interval = new_interval;
    }

    /// <summary>The loss times the scale, to call backward on. The current scope owns it.</summary>
    public Tensor scale(Tensor outputs) => _enabled ? outputs * _scale : outputs;

    /// <summary>Divides the gradients of the optimiser's parameters by the scale, in place, so that they can be clipped or looked at before <see cref="step"/>.</summary>
    /// <exception cref="InvalidOperationException">Called twice, or after step, without <see cref="update"/> between; or a gradient is float16 itself.</exception>
    public void unscale_(optim.Optimizer optimizer)
    {
        if (!_enabled)
        {
            return;
        }

        if (_unscaled.TryGetValue(optimizer, out var before))
        {
            throw new InvalidOperationException(before.Stepped
                ? "unscale_() is called after step(). Call update() first."
                : "unscale_() has been called on this optimizer since the last update().");
        }

        _unscaled[optimizer] = (Unscale(optimizer), false);
    }

    /// <summary>The optimiser's step, with gradients unscaled first unless they are already; left out when one is infinite or no number.</summary>
    /// <returns>Whether the optimiser stepped.</returns>
    /// <exception cref="InvalidOperationException">Called twice without <see cref="update"/> between.</exception>
    public bool step(optim.Optimizer optimizer)
    {
        if (!_enabled)
        {
            optimizer.step();
            return true;
        }

        if (!_unscaled.ContainsKey(optimizer))
        {
            unscale_(optimizer);
        }

        var (finite, stepped) = _unscaled[optimizer];
        if (stepped)
        {
            throw new InvalidOperationException("step() has been called since the last update().");
        }

        if (finite)
        {
            optimizer.step();
        }

        _unscaled[optimizer] = (finite, true);
        return finite;
    }

    /// <summary>Adapts the scale to what the steps since the last call met; once after them all.</summary>
    /// <param name="new_scale">Sets the scale instead.</param>
    /// <exception cref="InvalidOperationException">No gradients were unscaled since.</exception>
    public void update(double? new_scale = null)
    {
        if (!_enabled)
        {
            return;
        }

        if (new_scale is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(given, nameof(new_scale));
            _scale = (float)given;
        }
        else if (_unscaled.Count == 0)
        {
            throw new InvalidOperationException("update() needs a step() or unscale_() before it.");
        }
        else if (_unscaled.Values.All(s => s.Finite))
        {
            Grow();
        }
        else
        {
            (_scale, _tracker) = ((float)(_scale * _backoff), 0);
        }

        _unscaled.Clear();
    }

    /// <summary>All that a resumed run needs, under PyTorch's keys; empty when disabled.</summary>
    public Dictionary<string, double> state_dict() => !_enabled ? [] : new()
    {
        ["scale"] = _scale,
        ["growth_factor"] = _growth,
        ["backoff_factor"] = _backoff,
        ["growth_interval"] = _interval,
        ["_growth_tracker"] = _tracker,
    };

    /// <summary>Puts a saved state in the place of this one; nothing when disabled.</summary>
    /// <exception cref="InvalidOperationException">A key is missing, as in the state of a disabled scaler; nothing was changed.</exception>
    public void load_state_dict(IReadOnlyDictionary<string, double> state_dict)
    {
        if (!_enabled)
        {
            return;
        }

        if (this.state_dict().Keys.Where(k => !state_dict.ContainsKey(k)).ToArray() is { Length: > 0 } missing)
        {
            throw new InvalidOperationException($"The state of a GradScaler lacks {string.Join(", ", missing)}; was it saved by a disabled one?");
        }

        _scale = (float)state_dict["scale"];
        set_growth_factor(state_dict["growth_factor"]);
        set_backoff_factor(state_dict["backoff_factor"]);
        set_growth_interval((int)state_dict["growth_interval"]);
        _tracker = (int)state_dict["_growth_tracker"];
        _unscaled.Clear();
    }

    private void Grow()
    {
        if (++_tracker < _interval)
        {
            return;
        }

        var grown = (float)(_scale * _growth);
        (_scale, _tracker) = (float.IsFinite(grown) ? grown : _scale, 0);
    }

    // The answer is read once for all gradients: each reading waits for a GPU.
    private bool Unscale(optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var gradients = optimizer.parameters().Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Any(g => g.dtype == float16))
        {
            throw new InvalidOperationException("Gradients of float16 parameters cannot be unscaled. Keep parameters in float32 and open an Autocast region around the forward pass.");
        }

        var finite = gradients.Select(g => g.isfinite().all().cpu()).ToArray();
        var inverse = (double)(float)(1 / (double)_scale);
        foreach (var gradient in gradients)
        {
            gradient.mul_(inverse);
        }

        return finite.Length == 0 || stack(finite).all().item<bool>();
    }
}
