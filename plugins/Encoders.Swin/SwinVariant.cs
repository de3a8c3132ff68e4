namespace Osteon.Plugins.Encoders.Swin;

/// <summary>Sizes of a Swin Transformer.</summary>
/// <param name="Channels">Of the first stage; each further one has twice as many.</param>
/// <param name="Depths">Blocks of each stage.</param>
/// <param name="Windows">Side of each stage's windows.</param>
/// <param name="ImageSize">Side of the images it is made for.</param>
internal sealed record SwinVariant(int Channels, IReadOnlyList<int> Depths, IReadOnlyList<int> Windows, int ImageSize = 224)
{
    /// <summary>Whether it is of the second version: normalisation behind attention and feed-forward network, attention by angles, positions by a small network.</summary>
    public bool Second { get; init; }

    /// <summary>Sides of the windows that each stage's positions were learnt for; null for those it has.</summary>
    public IReadOnlyList<int>? LearntWindows { get; init; }

    private const int ChannelsPerHead = 32;

    private static readonly int[] s_short = [2, 2, 6, 2];
    private static readonly int[] s_long = [2, 2, 18, 2];
    private static readonly int[] s_sevens = [7, 7, 7, 7];
    private static readonly int[] s_twelves = [12, 12, 12, 12];
    private static readonly int[] s_enlarged = [12, 12, 12, 6];

    /// <summary>By timm's name, one of the encoder's.</summary>
    /// <remarks>Liu et al. 2021, arXiv:2103.14030; s3: Chen et al. 2021, arXiv:2111.14725; v2: Liu et al. 2022, arXiv:2111.09883.</remarks>
    public static SwinVariant Named(string name) => name switch
    {
        "tu-swin_tiny_patch4_window7_224" => new(96, s_short, s_sevens),
        "tu-swin_small_patch4_window7_224" => new(96, s_long, s_sevens),
        "tu-swin_base_patch4_window7_224" => new(128, s_long, s_sevens),
        "tu-swin_base_patch4_window12_384" => new(128, s_long, s_twelves, 384),
        "tu-swin_large_patch4_window7_224" => new(192, s_long, s_sevens),
        "tu-swin_large_patch4_window12_384" => new(192, s_long, s_twelves, 384),
        "tu-swinv2_tiny_window8_256" => SecondOf(96, s_short, 8, 256),
        "tu-swinv2_tiny_window16_256" => SecondOf(96, s_short, 16, 256),
        "tu-swinv2_small_window8_256" => SecondOf(96, s_long, 8, 256),
        "tu-swinv2_small_window16_256" => SecondOf(96, s_long, 16, 256),
        "tu-swinv2_base_window8_256" => SecondOf(128, s_long, 8, 256),
        "tu-swinv2_base_window16_256" => SecondOf(128, s_long, 16, 256),
        "tu-swinv2_base_window12_192" => SecondOf(128, s_long, 12, 192),
        "tu-swinv2_base_window12to16_192to256" => SecondOf(128, s_long, 16, 256) with { LearntWindows = s_enlarged },
        "tu-swinv2_base_window12to24_192to384" => SecondOf(128, s_long, 24, 384) with { LearntWindows = s_enlarged },
        "tu-swinv2_large_window12_192" => SecondOf(192, s_long, 12, 192),
        "tu-swinv2_large_window12to16_192to256" => SecondOf(192, s_long, 16, 256) with { LearntWindows = s_enlarged },
        "tu-swinv2_large_window12to24_192to384" => SecondOf(192, s_long, 24, 384) with { LearntWindows = s_enlarged },
        "tu-swin_s3_tiny_224" => new(96, s_short, [7, 7, 14, 7]),
        "tu-swin_s3_small_224" => new(96, s_long, [14, 14, 14, 7]),
        "tu-swin_s3_base_224" => new(96, [2, 2, 30, 2], [7, 7, 14, 7]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The encoder's attributes name none such."),
    };

    /// <summary>Channels of a stage, counted from 0.</summary>
    public int ChannelsOf(int stage) => Channels << stage;

    /// <summary>Attention heads of a stage.</summary>
    public int HeadsOf(int stage) => ChannelsOf(stage) / ChannelsPerHead;

    private static SwinVariant SecondOf(int channels, int[] depths, int window, int imageSize) => new(channels, depths, [window, window, window, window], imageSize) { Second = true };
}
