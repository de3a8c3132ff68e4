"""Writes weights.tsv beside each encoder plugin: which published files an encoder can start from, and what images they were trained with.

Needs the sources of segmentation_models_pytorch v0.5.0 (argument 1) and timm v1.0.28 (argument 2) on disk, PyTorch and torchvision.
Names of encoders are read from the plugins' own sources. Nothing is downloaded: what is written are the references' own tables.
"""
import ast, pathlib, re, sys, types

SMP, TIMM = sys.argv[1:3]
HERE = pathlib.Path(__file__).parent
HEADER = ["encoder", "weights", "id", "file", "url", "sha256", "mean", "std", "range", "licence"]
IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
HALVES = ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
DPN = ((124 / 255, 117 / 255, 104 / 255), (1 / (0.0167 * 255),) * 3)
NON_COMMERCIAL = ("ssl", "swsl", "instagram")               # as timm says of the same files


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
sys.path.insert(0, TIMM)
import timm  # noqa: F401
import torchvision.models as tv
from timm.models._registry import _model_default_cfgs as timm_sets


def smp_sets():
    """(encoder, set) -> (repository, revision), read as text: the modules want packages that are not here."""
    found = {}
    for path in sorted(pathlib.Path(SMP, "segmentation_models_pytorch/encoders").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Dict):
                continue
            for key, value in zip(node.keys, node.values):
                if isinstance(key, ast.Constant) and isinstance(value, ast.Dict):
                    for part, settings in zip(value.keys, value.values):
                        if isinstance(part, ast.Constant) and part.value == "pretrained_settings" and isinstance(settings, ast.Dict):
                            for name, where in ast.literal_eval(settings).items():
                                found[key.value, name] = (where["repo_id"], where["revision"])
    return found


def scale_of(encoder, name):
    if encoder.startswith("dpn"):
        return DPN
    halves = encoder in ("inceptionv4", "inceptionresnetv2", "xception") or name == "advprop" or "efficientnet_lite" in encoder
    return HALVES if halves else IMAGENET


def numbers(values):
    return ",".join(f"{v:.7g}" for v in values)


def row(encoder, names, identity, file, url, sha="-", scale=IMAGENET, licence="-"):
    return [encoder, ",".join(names), identity, file, url, sha, numbers(scale[0]), numbers(scale[1]), "0,1", licence or "-"]


def timm_rows(encoder, base):
    base, _, only = base.partition(".")
    sets = timm_sets.get(base)
    if sets is None:
        return []
    rows = []
    for tag in sets.tags:
        cfg = sets.cfgs[tag]
        if only and tag != only:
            continue
        names = ([tag] if tag else []) + (["imagenet"] if not rows else [])
        released = re.match(r"https://github\.com/(?:rwightman|huggingface)/pytorch-image-models/releases/download/.*?/([^/]*?-([0-9a-f]{8})\.pth)$", cfg.url or "")
        if not cfg.hf_hub_id and released:
            rows.append(row(encoder, names, "timm-releases", released.group(1), cfg.url, released.group(2), scale=(cfg.mean, cfg.std), licence=cfg.license))
            continue
        # What has neither a repository nor a release of timm's is a file in another library's layout.
        if not cfg.hf_hub_id or cfg.hf_hub_filename:
            continue
        identity = cfg.hf_hub_id + (f"{base}.{tag}" if tag else base) if cfg.hf_hub_id.endswith("/") else cfg.hf_hub_id
        url = f"https://huggingface.co/{identity}/resolve/main/model.safetensors"
        rows.append(row(encoder, names, identity, "model.safetensors", url, scale=(cfg.mean, cfg.std), licence=cfg.license))
    return rows


def torchvision_rows(encoder, named):
    if encoder not in tv.__dict__:
        return []
    if encoder not in ("mobilenet_v2",) and not re.match(r"(resnet|resnext|wide_resnet|densenet|vgg)\d", encoder):
        return []
    rows = []
    for each in tv.get_model_weights(encoder) if hasattr(tv, "get_model_weights") else []:
        file = each.url.rsplit("/", 1)[1]
        sha = re.search(r"-([0-9a-f]{8,})\.pth$", file).group(1)
        if each.name.startswith("IMAGENET1K_V"):                # others have other input or classes alone
            names = [each.name] + (["imagenet"] if not named and not rows else [])
            rows.append(row(encoder, names, "torchvision", file, each.url, sha, licence="bsd-3-clause"))
    return rows


def rows_of(encoder, smp):
    rows = []
    for (name, which), (repository, revision) in smp.items():
        if name == encoder:
            url = f"https://huggingface.co/{repository}/resolve/{revision}/model.safetensors"
            licence = "cc-by-nc-4.0" if which in NON_COMMERCIAL else "-"
            rows.append(row(encoder, [which], repository, "model.safetensors", url, scale=scale_of(encoder, which), licence=licence))
    if encoder.startswith("tu-"):
        rows += timm_rows(encoder, encoder[3:])
    elif encoder.startswith("timm-") and not rows:              # SMP gives these names timm's networks
        base = encoder[5:]
        rows += timm_rows(encoder, f"tf_{base}" if base.startswith("mobilenetv3") else base)
    return rows + torchvision_rows(encoder, named=any("imagenet" in r[1].split(",") for r in rows))


def backbone_rows(name):
    """torchvision's segmentation networks start their backbone from its classifier of the same ResNet."""
    if not re.fullmatch(r"(fcn|deeplabv3)_resnet\d+", name):
        return []
    return [[name] + row[1:] for row in torchvision_rows(name.split("_")[1], named=False)]


smp = smp_sets()
for folder in sorted([*HERE.glob("Encoders.*"), *HERE.glob("Architectures.Torchvision")]):
    names = sorted({name for path in folder.glob("*.cs") for name in re.findall(r'^\[(?:Encoder|Architecture)\("([^"]+)"\)\]', path.read_text(), re.M)})
    rows = [r for name in names for r in (rows_of(name, smp) if folder.name.startswith("Encoders.") else backbone_rows(name))]
    if rows:
        (folder / "weights.tsv").write_text("\n".join("\t".join(line) for line in [HEADER] + rows) + "\n")
    without = [n for n in names if not any(r[0] == n for r in rows)]
    print(f"{folder.name}: {len(rows)} sets for {len(names)} encoders; none for {', '.join(without) or '-'}")
