using TorchSharp.Modules;
using static TorchSharp.torch.nn.functional;

namespace TorchSharp;

public static partial class torch
{
    // Triples are depth, height, width.
    public static partial class nn
    {
        public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, [kernel_size], [stride], Border.Even([padding]), [dilation], padding_mode, groups, bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Thrice(kernel_size), Thrice(stride), Border.Even(Thrice(padding)), Thrice(dilation), padding_mode, groups, bias, device, dtype);

        public static Conv3d Conv3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Triple(kernel_size), Triple(stride ?? (1, 1, 1)), Border.Even(Triple(padding ?? (0, 0, 0))), Triple(dilation ?? (1, 1, 1)), padding_mode, groups, bias, device, dtype);

        public static ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, [kernel_size], [stride], [padding], [output_padding], [dilation], groups, bias, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Thrice(kernel_size), Thrice(stride), Thrice(padding), Thrice(output_padding), Thrice(dilation), groups, bias, device, dtype);

        public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? output_padding = null, (long, long, long)? dilation = null, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
            new(in_channels, out_channels, Triple(kernel_size), Triple(stride ?? (1, 1, 1)), Triple(padding ?? (0, 0, 0)), Triple(output_padding ?? (0, 0, 0)), Triple(dilation ?? (1, 1, 1)), groups, bias, device, dtype);

        private static long[] Triple((long D, long H, long W) value) => [value.D, value.H, value.W];

        private static long[]? Triple((long D, long H, long W)? value) => value is { } v ? [v.D, v.H, v.W] : null;
    }
}
