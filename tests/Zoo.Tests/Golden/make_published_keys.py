"""Writes published_keys.txt: names and shapes in timm's published files of small classifiers, head and all.

Needs the sources of timm v1.0.28 (argument 1) on disk, and PyTorch. Swin's are in the order of the published files, from before
timm moved the merging of patches to the beginning of the next stage: timm's own filter for them, backwards.
"""
import re, sys, types

sys.path.insert(0, sys.argv[1])


def stub(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


class Missing:
    def __init__(self, *a, **k):
        raise OSError


hub = ["hf_hub_download", "ModelCard", "ModelCardData", "HfApi", "create_repo", "get_token_permission", "get_token",
       "upload_folder", "model_info", "list_models", "login", "repo_type_and_id_from_hf_id"]
stub("huggingface_hub", **{n: Missing for n in hub})
stub("huggingface_hub.hf_api")
stub("huggingface_hub.utils", EntryNotFoundError=OSError, RepositoryNotFoundError=OSError)
stub("safetensors")
stub("safetensors.torch", load_file=Missing, save_file=Missing, safe_open=Missing)
import timm

NAMES = ["resnet10t", "convnext_atto", "swin_tiny_patch4_window7_224", "regnetx_002", "gernet_s", "tinynet_e", "tf_mobilenetv3_small_minimal_100",
         "vit_tiny_patch16_224", "deit_tiny_distilled_patch16_224", "resnest14d", "skresnet18", "mobilenetv4_conv_small", "repvgg_a0", "edgenext_xx_small",
         "pvt_v2_b0", "poolformer_s12", "dla46_c", "ese_vovnet19b_dw", "fastvit_t8", "rexnet_100", "tresnet_m", "mobilevit_xxs",
         "nest_tiny", "selecsls42b", "repghostnet_050", "efficientformerv2_s0"]
with open("published_keys.txt", "w") as out:
    for name in NAMES:
        state = timm.create_model(name, pretrained=False).state_dict()
        out.write(f"# {name}\n")
        for key, value in state.items():
            if name.startswith("swin"):
                key = re.sub(r"layers\.(\d+)\.downsample", lambda m: f"layers.{int(m.group(1)) - 1}.downsample", key).replace("head.fc.", "head.")
            out.write(f"{key} {'x'.join(map(str, value.shape)) or 'scalar'}\n")
        if name.startswith("swin"):
            out.write("layers.0.blocks.0.attn.relative_position_index 49x49\nlayers.0.blocks.1.attn_mask 64x49x49\n")
