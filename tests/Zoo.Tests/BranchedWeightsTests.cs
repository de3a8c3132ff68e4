using Osteon.Abstractions;
using Osteon.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Osteon.Zoo.Tests;

public sealed class BranchedWeightsTests
{
    // SMP adapts both of MobileOne's convolutions that take the image.
    [Fact]
    public void Every_branch_that_takes_the_image_is_adapted_to_its_channels()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("osteon-branches-");
        try
        {
            var file = Path.Combine(folder.FullName, "imagenet.safetensors");
            using var classifier = Zoo.Encoder("mobileone_s1", null, new EncoderOptions());
            SafeTensors.Write(file, classifier.state_dict());
            using var encoder = Zoo.Encoder("mobileone_s1", null, new EncoderOptions { InChannels = 1 });
            PretrainedWeights.Load(encoder, file);
            foreach (var key in new[] { "stage0.rbr_conv.0.conv.weight", "stage0.rbr_scale.conv.weight" })
            {
                Assert.Equal(classifier.state_dict()[key].sum([1], keepdim: true).data<float>().ToArray(), encoder.state_dict()[key].data<float>().ToArray());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
