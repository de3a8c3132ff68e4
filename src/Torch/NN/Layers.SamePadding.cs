using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp;

public static partial class torch
{
    // Padding.Same keeps the size. The literal 0 is a Padding too: the overloads of numbers come first.
    public static partial class nn
    {
        [OverloadResolutionPriority(-1)]
        public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, [kernel_size], [stride], Border.Of(padding, [kernel_size], [stride], [dilation]), [dilation], padding_mode, groups, bias, device, dtype);

        [OverloadResolutionPriority(-1)]
        public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Both(kernel_size), Both(stride), Border.Of(padding, Both(kernel_size), Both(stride), Both(dilation)), Both(dilation), padding_mode, groups, bias, device, dtype);

        [OverloadResolutionPriority(-1)]
        public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Pair(kernel_size), Pair(stride ?? (1, 1)), Border.Of(padding, Pair(kernel_size), Pair(stride ?? (1, 1)), Pair(dilation ?? (1, 1))), Pair(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);

        [OverloadResolutionPriority(-1)]
        public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Thrice(kernel_size), Thrice(stride), Border.Of(padding, Thrice(kernel_size), Thrice(stride), Thrice(dilation)), Thrice(dilation), padding_mode, groups, bias, device, dtype);

        [OverloadResolutionPriority(-1)]
        public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, Padding padding, (long, long, long)? stride = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Triple(kernel_size), Triple(stride ?? (1, 1, 1)), Border.Of(padding, Triple(kernel_size), Triple(stride ?? (1, 1, 1)), Triple(dilation ?? (1, 1, 1))), Triple(dilation ?? (1, 1, 1)), padding_mode, groups, bias, device, dtype);
    }
}
