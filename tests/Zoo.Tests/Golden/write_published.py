"""Writes checkpoints of torchvision's classifiers as torchvision publishes them, head and all, and prints what their last maps are.

Argument 1 is the folder. Weights are drawn from a seed; DenseNet's keys are given the dots that its published file has. The image is
a grey ramp, as one channel repeated thrice.
"""
import json, re, sys

import torch
import torchvision.models as tv

torch.manual_seed(7)
torch.nn.Linear.reset_parameters = lambda self: None        # heads are dropped: drawing VGG's only takes time
torch.set_num_threads(1)
image = (torch.arange(64 * 64, dtype=torch.float32).reshape(1, 1, 64, 64) / 2048 - 1).repeat(1, 3, 1, 1)


def last_map(net):
    if hasattr(net, "features"):
        return net.features(image)
    x = net.maxpool(net.relu(net.bn1(net.conv1(image))))
    return net.layer4(net.layer3(net.layer2(net.layer1(x))))


found = {}
for name in ["resnet18", "densenet121", "vgg11_bn", "mobilenet_v2"]:
    net = getattr(tv, name)(weights=None, **({"init_weights": False} if name.startswith("vgg") else {})).eval()
    with torch.no_grad():
        for key, value in net.state_dict().items():
            if key.endswith("running_mean"):
                value.normal_(0, 0.1)
            elif key.endswith("running_var"):
                value.uniform_(0.5, 1.5)
        x = last_map(net).double()
    if name.startswith("vgg"):
        for i in (0, 3, 6):
            net.classifier[i] = torch.nn.Linear(2, 2)           # keys as they are, without their half gigabyte
    state = net.state_dict()
    if name.startswith("densenet"):
        state = {re.sub(r"(denselayer\d+\.(?:norm|conv))([12])\.", r"\1.\2.", k): v for k, v in state.items()}
    torch.save(state, f"{sys.argv[1]}/{name}.pth", _use_new_zipfile_serialization=not name.startswith("vgg"))
    found[name] = {"shape": list(x.shape), "mean": float(x.mean()), "std": float(x.std(unbiased=False)), "last": float(x[0, -1, -1, -1])}
print(json.dumps(found))
