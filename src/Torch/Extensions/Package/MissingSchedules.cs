using System.Runtime.CompilerServices;
using static TorchSharp.torch.optim;

// Around all rooms: a file that names the schedule needs no using that the bridge would not.
namespace Osteon;

/// <summary>Where TorchSharp's package serves the tensors: PyTorch's schedule that the package lacks, under the name that it has in PyTorch.</summary>
public static class MissingSchedules
{
    extension(lr_scheduler)
    {
        /// <summary>Half a cosine down to a floor, again and again, each longer than the last: Loshchilov and Hutter 2017, arXiv:1608.03983.</summary>
        /// <param name="optimizer">Its groups' rates are the highest.</param>
        /// <param name="T_0">Steps of the first fall, from 1.</param>
        /// <param name="T_mult">What each fall is longer by than the one before, from 1.</param>
        /// <param name="eta_min">The lowest rate.</param>
        public static lr_scheduler.LRScheduler CosineAnnealingWarmRestarts(Optimizer optimizer, int T_0, int T_mult = 1, double eta_min = 0) =>
            new WarmRestarts(optimizer, T_0, T_mult, eta_min);
    }

    private sealed class WarmRestarts : lr_scheduler.LRScheduler
    {
        private readonly Optimizer _groups;
        private readonly int _first;
        private readonly int _growth;
        private readonly double _floor;

        public WarmRestarts(Optimizer optimizer, int first, int growth, double floor)
            : base(optimizer)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(first);
            ArgumentOutOfRangeException.ThrowIfLessThan(growth, 1);
            (_groups, _first, _growth, _floor) = (optimizer, first, growth, floor);
            step();
        }

        protected override IEnumerable<double> get_lr()
        {
            var (done, period) = (LastEpoch(this), _first);
            for (; done >= period; period *= _growth)
            {
                done -= period;
            }

            var height = (1 + Math.Cos(Math.PI * done / period)) / 2;
            return _groups.ParamGroups.Select(group => _floor + ((group.InitialLearningRate - _floor) * height));
        }

        // SequentialLR takes a step of its parts back by this number, so that it is the only one to count by.
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_last_epoch")]
        private static extern ref int LastEpoch(lr_scheduler.LRScheduler schedule);
    }
}
