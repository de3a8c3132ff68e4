"""The networks of benchmarks/Torch, of torchvision's parts: encoders that give maps, segmentation_models.pytorch's U-Net decoder and DeepLabV3 head."""
import itertools

import torch
from torch import nn
from torchvision.models import convnext_tiny, mobilenet_v2, resnet34, resnet50
from torchvision.models.segmentation.deeplabv3 import ASPP
from torchvision.models.swin_transformer import PatchMerging, SwinTransformer


class ResNet(nn.Module):
    def __init__(self, resnet, stride=32):
        super().__init__()
        self.resnet = resnet
        del resnet.fc
        for layer, dilation in ((resnet.layer3, 2), (resnet.layer4, 4)) if stride == 8 else ():
            for conv in filter(lambda m: isinstance(m, nn.Conv2d), layer.modules()):
                conv.stride, conv.dilation, conv.padding = (1, 1), (dilation, dilation), tuple(k // 2 * dilation for k in conv.kernel_size)

    def forward(self, x):
        e = self.resnet
        maps = [e.relu(e.bn1(e.conv1(x)))]
        x = e.maxpool(maps[0])
        for layer in (e.layer1, e.layer2, e.layer3, e.layer4):
            x = layer(x)
            maps.append(x)
        return maps


class Features(nn.Module):
    """Maps behind some of torchvision's `features`; none at half the image's size where patches are of four pixels."""

    def __init__(self, features, after, missing=0, channels_last=False):
        super().__init__()
        self.features, self.after, self.missing, self.channels_last = features, after, missing, channels_last

    def forward(self, x):
        maps = [None] * self.missing
        for i, part in enumerate(self.features):
            x = part(x)
            if i in self.after:
                maps.append(x.permute(0, 3, 1, 2) if self.channels_last else x)
        return maps


class Block(nn.Module):
    def __init__(self, channels, skip, out):
        super().__init__()
        self.conv1 = self.relu_after(channels + skip, out)
        self.conv2 = self.relu_after(out, out)

    @staticmethod
    def relu_after(channels, out):
        return nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True))

    def forward(self, x, skip):
        x = nn.functional.interpolate(x, scale_factor=2, mode="nearest")
        return self.conv2(self.conv1(x if skip is None else torch.cat([x, skip], dim=1)))


class Unet(nn.Module):
    def __init__(self, classes, encoder, channels):
        super().__init__()
        self.encoder = encoder
        widths = [256, 128, 64, 32, 16]
        below, skips = [channels[-1], *widths[:-1]], [*channels[-2::-1], 0]
        self.blocks = nn.ModuleList(Block(b, s, c) for b, s, c in zip(below, skips, widths))
        self.head = nn.Conv2d(16, classes, 3, padding=1)

    def forward(self, x):
        maps = self.encoder(x)
        x, skips = maps[-1], [*maps[-2::-1], None]
        for block, skip in zip(self.blocks, skips):
            x = block(x, skip)
        return self.head(x)


class DeepLabV3(nn.Module):
    def __init__(self, classes, encoder, channels):
        super().__init__()
        self.encoder = encoder
        self.decoder = nn.Sequential(ASPP(channels, [12, 24, 36], 256), nn.Conv2d(256, 256, 3, padding=1, bias=False), nn.BatchNorm2d(256), nn.ReLU())
        self.head = nn.Sequential(nn.Conv2d(256, classes, 1), nn.UpsamplingBilinear2d(scale_factor=8))

    def forward(self, x):
        return self.head(self.decoder(self.encoder(x)[-1]))


def swin_t():
    # timm's share of dropped paths, and its order: a merging's norm before its reduction. The same numbers come at 224² only: maps that windows
    # do not divide are padded after the shift in timm, before it here.
    features = SwinTransformer(
        patch_size=[4, 4], embed_dim=96, depths=[2, 2, 6, 2], num_heads=[3, 6, 12, 24], window_size=[7, 7], stochastic_depth_prob=0.1).features
    for merging in (part for part in features if isinstance(part, PatchMerging)):
        merging.reduction = merging._modules.pop("reduction")
    return features


STAGES = [1, 3, 5, 7]
NETWORKS = {
    "unet-resnet34": lambda classes: Unet(classes, ResNet(resnet34(weights=None)), [64, 64, 128, 256, 512]),
    "unet-mobilenet_v2": lambda classes: Unet(classes, Features(mobilenet_v2(weights=None).features, [1, 3, 6, 13, 18]), [16, 24, 32, 96, 1280]),
    "unet-convnext_tiny": lambda classes: Unet(classes, Features(convnext_tiny(weights=None, stochastic_depth_prob=0.0).features, STAGES, missing=1), [0, 96, 192, 384, 768]),
    "unet-swin_t": lambda classes: Unet(classes, Features(swin_t(), STAGES, missing=1, channels_last=True), [0, 96, 192, 384, 768]),
    "deeplabv3-resnet50": lambda classes: DeepLabV3(classes, ResNet(resnet50(weights=None), stride=8), 2048),
}


def load(model, state):
    """By order, for names differ: every weight and running statistic has its partner of as many numbers."""
    own = [(name, value) for name, value in model.state_dict().items() if not name.endswith("relative_position_index")]
    pairs = list(itertools.zip_longest(((name, value.numel()) for name, value in own), ((name, value.numel()) for name, value in state.items())))
    if different := [pair for pair in pairs if None in pair or pair[0][1] != pair[1][1]]:
        raise SystemExit(f"not the same network: {different[0]}")
    with torch.no_grad():
        for (_, value), given in zip(own, state.values()):
            value.copy_(given.reshape(value.shape))


def verify(model, images, logits):
    """The same numbers come out, to 1e-4 of the largest."""
    with torch.no_grad():
        error = (model.eval()(images) - logits).abs().max() / logits.abs().max()
    if not error <= 1e-4:
        raise SystemExit(f"not the same network: its logits differ by {error:.1e} of the largest")
    return error.item()
