using Osteon.Torch;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How grid_sample computes values between pixels.</summary>
    public enum GridSampleMode
    {
        Nearest,
        Bilinear,
    }

    /// <summary>What grid_sample finds beyond the border.</summary>
    public enum GridSamplePaddingMode
    {
        Zeros,
        Reflection,
        Border,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Reads images at places of one's choice.</summary>
            /// <param name="input">(N, C, H, W), or (N, C, D, H, W).</param>
            /// <param name="grid">(N, H', W', 2): x, then y, each from −1 to 1 over the image; or (N, D', H', W', 3).</param>
            /// <param name="mode">How values between pixels are computed.</param>
            /// <param name="padding_mode">What lies beyond the border.</param>
            /// <param name="align_corners">Whether −1 and 1 are the corner pixels' centres rather than their outer edges; null: false.</param>
            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Aten.Call("grid_sampler", input, grid, mode == GridSampleMode.Bilinear ? 0L : 1L, padding_mode == GridSamplePaddingMode.Zeros ? 0L : padding_mode == GridSamplePaddingMode.Border ? 1L : 2L, align_corners ?? false);

            /// <summary>The grid that samples images of a size by affine matrices (N, 2, 3), or (N, 3, 4).</summary>
            public static Tensor affine_grid(Tensor theta, long[] size, bool align_corners = false) => Aten.Call("affine_grid_generator", theta, size, align_corners);

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, Modules.Upsample.InterpolationOf(mode), mode == UpsampleMode.Nearest ? null : align_corners);

            /// <summary>Convolves (N, C, L); Same keeps the length, which takes a stride of 1.</summary>
            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                Convolve("conv1d.padding", input, weight, bias, [stride ?? 1], padding, [dilation ?? 1], groups);

            /// <summary>Convolves (N, C, H, W); Same keeps height and width, which takes a stride of 1.</summary>
            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Convolve("conv2d.padding", input, weight, bias, strides ?? s_one, padding, dilation ?? s_one, groups);

            /// <summary>Convolves (N, C, D, H, W); Same keeps depth, height and width, which takes a stride of 1.</summary>
            public static Tensor conv3d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Convolve("conv3d.padding", input, weight, bias, strides ?? Thrice(1), padding, dilation ?? Thrice(1), groups);

            private static Tensor Convolve(string op, Tensor input, Tensor weight, Tensor? bias, long[] stride, Padding padding, long[] dilation, long groups) =>
                Aten.Call(op, input, weight, bias, stride, padding == Padding.Same ? "same" : "valid", dilation, groups);
        }
    }
}
