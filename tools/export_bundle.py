"""Write a fitted scikit-learn pipeline as a radiomicsd model bundle (docs/model.md).

For a Pipeline of StandardScaler (optional), PCA (optional) and MLPClassifier or LogisticRegression with two classes.
Every number is written as a double; no pickle is involved. Use it from your own training script:

    from export_bundle import export_bundle
    export_bundle("my-model", pipe, names, X_train, y_train, profile="params.yaml", describe={...}, card="# …")

`names` are the columns of X_train, as PyRadiomics calls them. `describe` holds the keys of bundle.json that only you
know: name, version, created, demonstration, classes, label_definition, threshold, threshold_rule, intended_use,
not_for, profile_name, training.
"""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import sklearn
from sklearn.base import clone
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

LEVELS = [0, 0.01, 0.05, 0.5, 0.95, 0.99, 1]
FEWEST = 5  # a smaller count of patients is not published


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def to_json(value):
    """Bytes that depend on the value alone; Python writes the shortest text that reads back as the same double."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def safetensors(tensors):
    """The safetensors format: header length, JSON header padded with spaces to 8 bytes, little-endian data."""
    header, data = {}, b""
    for name, array in tensors.items():
        array = np.ascontiguousarray(array, "<f8")
        header[name] = {
            "dtype": "F64",
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def parts(pipe):
    """(scaler or None, PCA or None, classifier) of a pipeline; another step is an error."""
    steps = [step for _, step in pipe.steps if step != "passthrough"]
    found = {type(step).__name__: step for step in steps}
    order = [type(step).__name__ for step in steps]
    known = ["StandardScaler", "PCA", "MLPClassifier", "LogisticRegression"]
    if any(name not in known for name in order) or order != sorted(order, key=known.index):
        raise ValueError(f"a bundle cannot hold the steps {order}")
    classifier = found.get("MLPClassifier", found.get("LogisticRegression"))
    if classifier is None or len(classifier.classes_) != 2:
        raise ValueError("the last step must be an MLPClassifier or a LogisticRegression with two classes")
    return found.get("StandardScaler"), found.get("PCA"), classifier


def steps_and_tensors(pipe):
    scaler, pca, classifier = parts(pipe)
    steps, tensors = [], {}
    if scaler is not None:
        steps.append({"op": "standard_scaler"})
        tensors |= {"scaler.mean": scaler.mean_, "scaler.scale": scaler.scale_}
    if pca is not None:
        steps.append({"op": "pca", "whiten": bool(pca.whiten), "components": int(pca.n_components_)})
        tensors |= {
            "pca.mean": pca.mean_,
            "pca.components": pca.components_,
            "pca.explained_variance": pca.explained_variance_,
        }
    if type(classifier).__name__ == "MLPClassifier":
        steps.append(
            {
                "op": "mlp",
                "layers": len(classifier.coefs_),
                "activation": classifier.activation,
                "out_activation": classifier.out_activation_,
            }
        )
        for i, (weight, bias) in enumerate(zip(classifier.coefs_, classifier.intercepts_)):
            tensors |= {f"mlp.{i}.weight": weight, f"mlp.{i}.bias": bias}
    else:
        steps.append({"op": "logistic_regression"})
        tensors |= {"lr.coef": classifier.coef_, "lr.intercept": classifier.intercept_}
    return steps, tensors


def scores(pipe, X):
    """(standardised X, principal component scores before whitening or None)."""
    scaler, pca, _ = parts(pipe)
    Z = scaler.transform(X) if scaler is not None else np.asarray(X, float)
    if pca is None:
        return Z, None
    T = pca.transform(Z)
    return Z, T * np.sqrt(pca.explained_variance_) if pca.whiten else T


def distances(pipe, X):
    """(Hotelling's T² or None, squared residual) of each row: docs/model.md, out of distribution."""
    pca = parts(pipe)[1]
    Z, T = scores(pipe, X)
    if pca is None:
        return None, (Z**2).sum(1)
    return (T**2 / pca.explained_variance_).sum(1), ((Z - pca.mean_ - T @ pca.components_) ** 2).sum(1)


def cohort(pipe, X, y, seed, folds=5, repeats=20):
    """Statistics of the training cases; the limits from cases that scaler and PCA did not see."""
    t2, spe = [], []
    for train, held in RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=seed).split(X, y):
        # Only the steps before the classifier are fitted anew: the distances do not use it.
        fold = Pipeline([*((name, clone(step)) for name, step in pipe.steps[:-1]), pipe.steps[-1]])
        values = X[train]
        for _, step in fold.steps[:-1]:
            values = step.fit_transform(values)
        a, b = distances(fold, X[held])
        t2 += [] if a is None else list(a)
        spe += list(b)

    def limits(values):
        return {"q95": float(np.quantile(values, 0.95)), "q99": float(np.quantile(values, 0.99))}

    # A column whose variance is rounding alone counts as constant, by the scaler's own rule.
    sd = X.std(0)
    sd[~np.isclose(StandardScaler().fit(X).scale_, sd)] = 0
    positive = int(np.sum(y == 1))
    result = {"schema": "radiomicsd.cohort/1", "n": len(y)}
    if min(positive, len(y) - positive) >= FEWEST:
        result["positive"] = positive
    result["features"] = {
        "mean": X.mean(0).tolist(),
        "sd": sd.tolist(),
        "levels": LEVELS,
        "quantiles": np.quantile(X, LEVELS, axis=0).T.tolist(),
    }
    if t2:
        result["t2"] = limits(t2)
    result["spe"] = limits(spe)
    result["limits_from"] = f"{folds}-fold cross-validation, {repeats} repeats, stratified, seed {seed}"
    return result


def self_test(pipe, X, count=7):
    """Synthetic rows: mean ± up to 1.5 standard deviations, the sign alternating by feature. No patient's data."""
    mean, sd = X.mean(0), X.std(0)
    sign = np.where(np.arange(len(mean)) % 2, 1, -1)
    rows = mean + sd * np.linspace(-1.5, 1.5, count)[:, None] * sign
    probability = pipe.predict_proba(rows)[:, 1]
    T = scores(pipe, rows)[1]
    out = []
    for i, row in enumerate(rows):
        out.append({"features": row.tolist(), "probability": float(probability[i])})
        if T is not None:
            out[-1]["scores"] = T[i].tolist()
    return {"schema": "radiomicsd.selftest/1", "rows": out}


def export_bundle(folder, pipe, names, X, y, *, profile, describe, card, seed=1):
    """Write the bundle into `folder` (made if need be; its six files are replaced) and return its id."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    X, y, names = np.asarray(X, float), np.asarray(y), list(names)
    if X.shape != (len(y), len(names)) or len(set(names)) != len(names) or not np.isfinite(X).all():
        raise ValueError("X must be finite, one row a label and one column a distinct name")
    steps, tensors = steps_and_tensors(pipe)
    contents = {
        "weights.safetensors": safetensors(tensors),
        "profile.yaml": Path(profile).read_bytes(),
        "selftest.json": to_json(self_test(pipe, X)),
        "cohort.json": to_json(cohort(pipe, X, y, seed)),
        "card.md": card.encode(),
    }
    rows = np.ascontiguousarray(X, "<f8").tobytes() + np.ascontiguousarray(y, "<i8").tobytes()
    manifest = {
        "schema": "radiomicsd.model/1",
        "name": describe["name"],
        "version": describe["version"],
        "created": describe["created"],
        "demonstration": describe["demonstration"],
        "task": "binary-classification",
        "classes": describe["classes"],
        "positive_class": describe["classes"][1],
        "label_definition": describe["label_definition"],
        "output": "probability",
        "features": names,
        "features_sha256": sha256("\n".join(names).encode()),
        "profile": {
            "name": describe["profile_name"],
            "file": "profile.yaml",
            "sha256": sha256(contents["profile.yaml"]),
        },
        "steps": steps,
        "decision": {"threshold": describe["threshold"], "rule": describe["threshold_rule"]},
        "missing_values": "refuse",
        "constant_features": "scale 1",
        "training": {
            "n": len(y),
            "data_sha256": sha256(rows),
            **describe["training"],
            "software": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        },
        "intended_use": describe["intended_use"],
        "not_for": describe["not_for"],
        "status": "research use only",
        "files": {name: {"sha256": sha256(data), "bytes": len(data)} for name, data in sorted(contents.items())},
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    data = to_json(manifest)
    (folder / "bundle.json").write_bytes(data)
    return sha256(data)
