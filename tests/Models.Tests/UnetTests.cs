using Osteon.Abstractions;
using Osteon.Plugins.Architectures.Unet;

namespace Osteon.Models.Tests;

public sealed class UnetTests
{
    [Fact]
    public void Refuses_attention_over_too_few_channels() => Assert.Contains("at least 16",
        Assert.Throws<ConfigurationException>(() => new Unet(new UnetOptions { EncoderDepth = 3, DecoderChannels = [32, 16, 8], DecoderAttentionType = "scse" })).Message,
        StringComparison.Ordinal);
}
