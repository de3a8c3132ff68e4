"""Scores of classified cases by scikit-learn, and specificity from its counts.

Writes classification.json. Run by hand with scikit-learn 1.2.1 (Debian's python3-sklearn): /usr/bin/python3 make_classification.py
"""

import json
import os
import warnings

import numpy as np
import sklearn
from sklearn import metrics

warnings.simplefilter("ignore")


def number(value):
    return None if np.isnan(value) else float(value)


def draw(rng, cases, classes, steps, shares, skill):
    """Truth and probabilities; a few steps give ties."""
    truth = rng.choice(classes, cases, p=shares)
    logits = rng.normal(size=(cases, classes)) + skill * np.eye(classes)[truth]
    scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return truth, np.round(scores * steps) / steps if steps else scores


def area(positive, scores):
    return metrics.roc_auc_score(positive, scores) if 0 < positive.sum() < len(positive) else np.nan


def precision(positive, scores):
    return metrics.average_precision_score(positive, scores) if positive.any() else np.nan


def golden(truth, scores):
    classes = scores.shape[1]
    predicted = scores.argmax(1)
    found = {
        "truth": truth.tolist(),
        "probabilities": scores.tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
    }
    p, r, f, support = metrics.precision_recall_fscore_support(truth, predicted, labels=range(classes))
    occurs = (support > 0) | (np.bincount(predicted, minlength=classes) > 0)
    tables = metrics.multilabel_confusion_matrix(truth, predicted, labels=range(classes))
    s = np.array([t[0, 0] / t[0].sum() if t[0].sum() else np.nan for t in tables])
    for name, values in ("precision", p), ("recall", r), ("f1", f):
        found[name + "_classes"] = [number(v) if o else None for v, o in zip(values, occurs)]
    found["specificity_classes"] = [number(v) for v in s]
    for averaging in "macro", "micro", "weighted":
        p, r, f, _ = metrics.precision_recall_fscore_support(truth, predicted, average=averaging)
        found |= {f"precision_{averaging}": p, f"recall_{averaging}": r, f"f1_{averaging}": f}
    if not np.isnan(s).any():
        found |= {
            "specificity_macro": float(s[occurs].mean()),
            "specificity_micro": float(tables[:, 0, 0].sum() / tables[:, 0].sum()),
            "specificity_weighted": float((s * support).sum() / support.sum()),
        }
    found["roc_auc_classes"] = [number(area(truth == k, scores[:, k])) for k in range(classes)]
    found["average_precision_classes"] = [number(precision(truth == k, scores[:, k])) for k in range(classes)]
    if classes == 2 and occurs[1]:
        p, r, f, _ = metrics.precision_recall_fscore_support(truth, predicted, average="binary")
        found |= {"precision": p, "recall": r, "f1": f, "specificity": number(s[1])}
        found |= {"roc_auc": found["roc_auc_classes"][1], "average_precision": found["average_precision_classes"][1]}
    elif classes > 2:
        if (support > 0).all():
            # scikit-learn asks for rows that add up to 1, and one class against all others asks for no more than order.
            found["roc_auc"] = float(np.mean([metrics.roc_auc_score(truth == k, scores[:, k]) for k in range(classes)]))
            if np.allclose(scores.sum(1), 1):
                assert np.isclose(found["roc_auc"], metrics.roc_auc_score(truth, scores, multi_class="ovr", average="macro"))
            found["average_precision"] = float(metrics.average_precision_score(np.eye(classes)[truth], scores, average="macro"))
        found |= {name: found[name + "_macro"] for name in ("precision", "recall", "f1", "specificity") if name + "_macro" in found}
    k = classes - 1
    if 0 < (truth == k).sum() < len(truth):
        fpr, tpr, thresholds = metrics.roc_curve(truth == k, scores[:, k], drop_intermediate=False)
        precisions, recalls, at = metrics.precision_recall_curve(truth == k, scores[:, k])
        found["roc"] = [fpr.tolist(), tpr.tolist(), thresholds[1:].tolist()]
        found["pr"] = [recalls[::-1].tolist(), precisions[::-1].tolist(), at[::-1].tolist()]
    return found


rng = np.random.default_rng(20260801)
cases = [
    golden(*draw(rng, 60, 2, 0, [0.7, 0.3], 1.0)),
    golden(*draw(rng, 60, 2, 8, [0.7, 0.3], 1.0)),
    golden(*draw(rng, 40, 2, 2, [0.5, 0.5], 0.0)),
    golden(*draw(rng, 30, 2, 20, [0.9, 0.1], 3.0)),
    golden(np.ones(6, int), draw(rng, 6, 2, 0, [0.5, 0.5], 1.0)[1]),
    golden(np.zeros(6, int), draw(rng, 6, 2, 0, [0.5, 0.5], 1.0)[1]),
    golden(*draw(rng, 80, 4, 0, [0.4, 0.3, 0.2, 0.1], 1.0)),
    golden(*draw(rng, 80, 4, 10, [0.4, 0.3, 0.2, 0.1], 1.5)),
    golden(*draw(rng, 24, 5, 0, [0.5, 0.5, 0, 0, 0], 2.5)),
    golden(*draw(rng, 50, 3, 4, [0.8, 0.15, 0.05], 0.3)),
]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "classification.json")
with open(path, "w", encoding="utf-8") as file:
    lines = ",\n".join(json.dumps(json.loads(json.dumps(c), parse_float=lambda v: float(f"{float(v):.12g}"))) for c in cases)
    file.write(f'{{"scikit-learn": "{sklearn.__version__}", "cases": [\n{lines}\n]}}\n')
