using System.Text.Json.Nodes;
using Osteon.Abstractions;

namespace Osteon.Zoo.Tests;

/// <summary>What does not go together is refused in a line, before anything is computed.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("UnetPlusPlus", "mit_b0", "{}", "stride 2")]
    [InlineData("UnetPlusPlus", "tu-convnext_tiny", "{}", "stride 2")]
    [InlineData("Linknet", "mit_b0", "{}", "stride 2")]
    [InlineData("FPN", "mit_b0", """{"encoder_depth": 4}""", "stride 2")]
    [InlineData("DPT", "resnet18", "{}", "vision transformers")]
    [InlineData("DPT", "mit_b0", "{}", "vision transformers")]
    [InlineData("FPN", "tu-vit_tiny_patch16_224", """{"encoder_depth": 4}""", "tu-vit_tiny_patch16_224")]
    [InlineData("Unet", "tu-vit_tiny_patch16_224", """{"encoder_depth": 4}""", "tu-vit_tiny_patch16_224")]
    [InlineData("DeepLabV3", "vgg16_bn", "{}", "vgg16_bn")]
    [InlineData("DeepLabV3Plus", "densenet121", "{}", "densenet121")]
    [InlineData("PAN", "inceptionv4", "{}", "inceptionv4")]
    [InlineData("PAN", "xception", "{}", "xception")]
    [InlineData("FPN", "tu-inception_v4", "{}", "do not pad")]
    [InlineData("PSPNet", "tu-inception_resnet_v2", "{}", "do not pad")]
    [InlineData("DeepLabV3", "tu-inception_v4", "{}", "does not dilate")]
    [InlineData("Unet", "tu-nest_tiny", "{}", "depth 5 is more than it has")]
    [InlineData("Unet", "tu-mvitv2_tiny", """{"img_size": [224, 256]}""", "square")]
    [InlineData("PAN", "tu-swin_tiny_patch4_window7_224", "{}", "img_size to 256 or more")]
    [InlineData("DeepLabV3Plus", "tu-swinv2_tiny_window8_256", "{}", "tu-swinv2_tiny_window8_256 gives 1, 2, 4, 8, 16, 32")]
    [InlineData("DPT", "tu-vit_small_patch14_reg4_dinov2", "{}", "patch_size to 16")]
    [InlineData("DPT", "tu-vit_small_patch14_reg4_dinov2", """{"patch_size": 0}""", "patch_size 0 must be at least 1")]
    [InlineData("UnetPlusPlus", "mobilenet_v2", """{"decoder_attention_type": "scse", "encoder_depth": 3, "decoder_channels": [32, 16, 8]}""", "at least 16")]
    [InlineData("UnetPlusPlus", "resnet18", """{"encoder_depth": 4, "decoder_channels": [32, 16, 8]}""", "4 numbers")]
    [InlineData("MAnet", "resnet18", """{"encoder_depth": 2}""", "3 to 5")]
    [InlineData("MAnet", "resnet18", """{"decoder_pab_channels": 0}""", "decoder_pab_channels 0")]
    [InlineData("Linknet", "resnet18", """{"decoder_use_norm": "groupnorm"}""", "decoder_use_norm")]
    [InlineData("FPN", "resnet18", """{"decoder_segmentation_channels": 100}""", "multiple of 32")]
    [InlineData("FPN", "resnet18", """{"decoder_merge_policy": "sum"}""", "add and cat")]
    [InlineData("FPN", "resnet18", """{"decoder_interpolation": "lanczos"}""", "nearest-exact")]
    [InlineData("PSPNet", "resnet18", """{"psp_dropout": 1}""", "below 1")]
    [InlineData("PSPNet", "resnet18", """{"upsampling": 0}""", "at least 1")]
    [InlineData("PAN", "resnet18", """{"encoder_output_stride": 8}""", "16 or 32")]
    [InlineData("DeepLabV3", "resnet18", """{"encoder_output_stride": 32}""", "8 or 16")]
    [InlineData("DeepLabV3Plus", "resnet18", """{"decoder_atrous_rates": [6, 12]}""", "three numbers")]
    [InlineData("UPerNet", "resnet18", """{"activation": "relu"}""", "softmax2d")]
    [InlineData("Segformer", "resnet18", """{"decoder_segmentation_channels": 0}""", "at least 1")]
    [InlineData("DPT", "tu-vit_tiny_patch16_224", """{"decoder_readout": "max"}""", "cat, add and ignore")]
    [InlineData("DPT", "tu-vit_tiny_patch16_224", """{"encoder_depth": 3}""", "3 numbers")]
    [InlineData("DPT", "tu-vit_tiny_patch16_224", """{"encoder_output_indices": [2, 5]}""", "4 numbers")]
    public void Refuses(string architecture, string encoder, string options, string reason)
    {
        Zoo.SkipIfToCome(encoder, architecture);
        var refusal = Assert.Throws<ConfigurationException>(() => Zoo.Build(architecture, encoder, JsonNode.Parse(options)!.AsObject()));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Small_images_are_padded_to_what_attention_can_halve_thrice()
    {
        using var network = Zoo.Build("PAN", "resnet18", []);
        Assert.Equal(new Osteon.Masks.Frame(128, 144), network.Sizes.For(new Osteon.Masks.Frame(40, 130)));
    }
}
