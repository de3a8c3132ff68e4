using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation share: scale, shift and running statistics.</summary>
public abstract class NormBase : Module<Tensor, Tensor>
{
    private protected NormBase(string name, long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(name)
    {
        (num_features, this.eps, this.momentum) = (features, eps, momentum);
        if (affine)
        {
            weight = new Parameter(ones(features, dtype, device));
            bias = new Parameter(zeros(features, dtype, device));
        }

        if (track_running_stats)
        {
            running_mean = zeros(features, dtype, device);
            running_var = ones(features, dtype, device);
            num_batches_tracked = zeros([], ScalarType.Int64, device);
        }

        register_parameter(nameof(weight), weight);
        register_parameter(nameof(bias), bias);
        register_buffer(nameof(running_mean), running_mean);
        register_buffer(nameof(running_var), running_var);
        register_buffer(nameof(num_batches_tracked), num_batches_tracked);
    }

    public long num_features { get; }

    public double eps { get; }

    /// <summary>Share of the newest batch in the running statistics; null: a plain average over all batches.</summary>
    public double? momentum { get; }

    public Parameter? weight { get; }

    public Parameter? bias { get; }

    public Tensor? running_mean { get; }

    public Tensor? running_var { get; }

    public Tensor? num_batches_tracked { get; }

    private protected void Expect(Tensor input, params ReadOnlySpan<long> dimensions)
    {
        if (!dimensions.Contains(input.ndim))
        {
            throw new ArgumentException($"{GetName()} takes tensors of {string.Join(" or ", dimensions.ToArray())} dimensions; this one is [{string.Join(", ", input.shape)}].", nameof(input));
        }
    }
}

/// <summary>Normalises each channel over the batch, or by the running statistics when not training (Ioffe, Szegedy 2015, arXiv:1502.03167).</summary>
public abstract class BatchNorm : NormBase
{
    private protected BatchNorm(string name, long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(name, features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }

    /// <summary>In evaluation, what comes is given on: the convolution before has it done.</summary>
    internal bool IsFolded { get; set; }

    public override Tensor forward(Tensor input)
    {
        if (IsFolded && !training)
        {
            return input.alias();
        }

        var share = momentum ?? 0;
        if (training && num_batches_tracked is not null)
        {
            num_batches_tracked.add_(1);
            share = momentum ?? 1.0 / num_batches_tracked.item<long>();
        }

        return functional.batch_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, share, eps);
    }
}

/// <summary>Of (N, C) or (N, C, L).</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm1d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        Expect(input, 2, 3);
        return base.forward(input);
    }
}

/// <summary>Of (N, C, H, W).</summary>
public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm2d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }
}

/// <summary>Of (N, C, D, H, W).</summary>
public sealed class BatchNorm3d : BatchNorm
{
    internal BatchNorm3d(long features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(nameof(BatchNorm3d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }

    public override Tensor forward(Tensor input)
    {
        Expect(input, 5);
        return base.forward(input);
    }
}

/// <summary>Normalises each channel of each sample; without the batch dimension too (Ulyanov et al. 2016, arXiv:1607.08022).</summary>
public abstract class InstanceNorm : NormBase
{
    private readonly int _spatial;

    private protected InstanceNorm(int spatial, string name, long features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(name, features, eps, momentum, affine, track_running_stats, device, dtype) => _spatial = spatial;

    public override Tensor forward(Tensor input)
    {
        Expect(input, _spatial + 1, _spatial + 2);
        if (input.ndim == _spatial + 2)
        {
            return Normalised(input);
        }

        using var batch = input.unsqueeze(0);
        using var result = Normalised(batch);
        return result.squeeze(0);
    }

    private Tensor Normalised(Tensor input) =>
        functional.instance_norm(input, running_mean, running_var, weight, bias, training || running_mean is null, momentum ?? 0, eps);
}

/// <summary>Of (N, C, L).</summary>
public sealed class InstanceNorm1d : InstanceNorm
{
    internal InstanceNorm1d(long features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(1, nameof(InstanceNorm1d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }
}

/// <summary>Of (N, C, H, W).</summary>
public sealed class InstanceNorm2d : InstanceNorm
{
    internal InstanceNorm2d(long features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(2, nameof(InstanceNorm2d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }
}

/// <summary>Of (N, C, D, H, W).</summary>
public sealed class InstanceNorm3d : InstanceNorm
{
    internal InstanceNorm3d(long features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(3, nameof(InstanceNorm3d), features, eps, momentum, affine, track_running_stats, device, dtype)
    {
    }
}
