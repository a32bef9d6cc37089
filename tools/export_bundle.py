"""Write a fitted scikit-learn pipeline as a radiomicsd model bundle (docs/model.md).

For a Pipeline of StandardScaler (optional), PCA (optional) and MLPClassifier, LogisticRegression or
RandomForestClassifier with two classes; or a CalibratedClassifierCV(method="sigmoid", ensemble=False) over a frozen one
that ends in LogisticRegression (scikit-learn calibrates other classifiers on the probability itself, which a bundle
cannot hold). Every number is written as a double; no pickle is involved. Use it from your own training script:

    from export_bundle import export_bundle
    export_bundle("my-model", pipe, names, X_train, y_train, profile="params.yaml", describe={...}, card="# …")

`names` are the columns of X_train, as PyRadiomics calls them. `describe` holds the keys of bundle.json that only you
know: name, version, created, demonstration, classes, label_definition, threshold, threshold_rule, intended_use,
not_for, profile_name, training; and if wanted indeterminate (two probabilities). `acquisition` is the envelope of the
training cases' scans (docs/model.md), `evaluation` what evaluation.json shall hold.
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
        integers = np.issubdtype(np.asarray(array).dtype, np.integer)
        array = np.ascontiguousarray(array, "<i8" if integers else "<f8")
        header[name] = {
            "dtype": "I64" if integers else "F64",
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + array.nbytes],
        }
        data += array.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def uncalibrated(pipe):
    """(pipeline, (a, b) or None): the pipeline inside a calibration, and the calibration as p' = 1/(1+exp(-(a logit(p)+b)))."""
    if type(pipe).__name__ != "CalibratedClassifierCV":
        return pipe, None
    if pipe.method != "sigmoid" or len(pipe.calibrated_classifiers_) != 1:
        raise ValueError("a calibration must be of method sigmoid, with ensemble=False")
    inner = pipe.calibrated_classifiers_[0]
    base = getattr(inner.estimator, "estimator", inner.estimator)  # without FrozenEstimator
    if type(parts(base)[2]).__name__ != "LogisticRegression":
        raise ValueError("only a logistic regression's calibration is one of its logit")
    # scikit-learn: 1 / (1 + exp(a f + b)) with f the decision function, the logit.
    return base, (-float(inner.calibrators[0].a_), -float(inner.calibrators[0].b_))


def parts(pipe):
    """(scaler or None, PCA or None, classifier) of a pipeline; another step is an error."""
    steps = [step for _, step in pipe.steps if step != "passthrough"]
    found = {type(step).__name__: step for step in steps}
    order = [type(step).__name__ for step in steps]
    known = ["StandardScaler", "PCA", "MLPClassifier", "LogisticRegression", "RandomForestClassifier"]
    if any(name not in known for name in order) or order != sorted(order, key=known.index):
        raise ValueError(f"a bundle cannot hold the steps {order}")
    classifiers = [found[name] for name in known[2:] if name in found]
    if len(classifiers) != 1 or len(classifiers[0].classes_) != 2:
        raise ValueError("the last step must be a classifier of two classes: " + ", ".join(known[2:]))
    classifier = classifiers[0]
    return found.get("StandardScaler"), found.get("PCA"), classifier


def forest_tensors(forest):
    """All trees in one set of arrays, children after their parents: docs/model.md."""
    roots, feature, threshold, left, right, value = [], [], [], [], [], []
    for estimator in forest.estimators_:
        tree, first = estimator.tree_, len(feature)
        roots.append(first)
        leaf = tree.children_left < 0
        feature += np.where(leaf, -1, tree.feature).tolist()
        threshold += np.where(leaf, 0.0, tree.threshold).tolist()
        left += np.where(leaf, -1, tree.children_left + first).tolist()
        right += np.where(leaf, -1, tree.children_right + first).tolist()
        # Shares since scikit-learn 1.3, counts before.
        shares = tree.value[:, 0, :]
        sums = shares.sum(1)
        positive = shares[:, 1] if np.allclose(sums, 1) else shares[:, 1] / sums
        value += np.where(leaf, positive, 0.0).tolist()
    integers = {"rf.root": roots, "rf.feature": feature, "rf.left": left, "rf.right": right}
    return {name: np.array(list_, np.int64) for name, list_ in integers.items()} | {
        "rf.threshold": np.array(threshold, float),
        "rf.value": np.array(value, float),
    }


def steps_and_tensors(pipe):
    pipe, calibration = uncalibrated(pipe)
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
    elif type(classifier).__name__ == "RandomForestClassifier":
        steps.append({"op": "random_forest", "trees": len(classifier.estimators_), "input_cast": "float32"})
        tensors |= forest_tensors(classifier)
    else:
        steps.append({"op": "logistic_regression"})
        tensors |= {"lr.coef": classifier.coef_, "lr.intercept": classifier.intercept_}
    if calibration is not None:
        steps.append({"op": "calibrate", "method": "platt", "a": calibration[0], "b": calibration[1]})
    return steps, tensors


def scores(pipe, X):
    """(standardised X, principal component scores before whitening or None)."""
    scaler, pca, _ = parts(uncalibrated(pipe)[0])
    Z = scaler.transform(X) if scaler is not None else np.asarray(X, float)
    if pca is None:
        return Z, None
    T = pca.transform(Z)
    return Z, T * np.sqrt(pca.explained_variance_) if pca.whiten else T


def distances(pipe, X):
    """(Hotelling's T² or None, squared residual) of each row: docs/model.md, out of distribution."""
    pca = parts(uncalibrated(pipe)[0])[1]
    Z, T = scores(pipe, X)
    if pca is None:
        return None, (Z**2).sum(1)
    return (T**2 / pca.explained_variance_).sum(1), ((Z - pca.mean_ - T @ pca.components_) ** 2).sum(1)


REFERENCE_LEVELS = [i / 20 for i in range(21)]


def reference(pipe, X, y, seed, folds=5, repeats=4):
    """How score and leading components of cases are distributed that scaler, PCA and classifier did not see."""
    whole, calibration = uncalibrated(pipe)
    pca = parts(whole)[1]
    k = 0 if pca is None else min(5, pca.n_components_)
    probability, components = [], []
    for train, held in RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=seed).split(X, y):
        fold = clone(whole).fit(X[train], y[train])
        p = fold.predict_proba(X[held])[:, 1]
        if calibration is not None:
            q = np.clip(p, np.finfo(float).eps, 1 - np.finfo(float).eps)
            p = 1 / (1 + np.exp(-(calibration[0] * np.log(q / (1 - q)) + calibration[1])))
        probability += p.tolist()
        if k:
            # A component's sign is arbitrary: that of the frozen model counts.
            sign = np.sign((parts(fold)[1].components_[:k] * pca.components_[:k]).sum(1))
            components += (scores(fold, X[held])[1][:, :k] * np.where(sign == 0, 1, sign)).tolist()
    out = {"levels": REFERENCE_LEVELS, "score": np.quantile(probability, REFERENCE_LEVELS).tolist()}
    if k:
        out["components"] = np.quantile(components, REFERENCE_LEVELS, axis=0).T.tolist()
    return out | {"from": f"{folds}-fold cross-validation, {repeats} repeats, stratified, seed {seed}"}


def cohort(pipe, X, y, seed, folds=5, repeats=20):
    """Statistics of the training cases; the limits from cases that scaler and PCA did not see."""
    pipe = uncalibrated(pipe)[0]
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


def export_bundle(folder, pipe, names, X, y, *, profile, describe, card, seed=1, acquisition=None, evaluation=None):
    """Write the bundle into `folder` (made if need be; its files are replaced) and return its id."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    X, y, names = np.asarray(X, float), np.asarray(y), list(names)
    if X.shape != (len(y), len(names)) or len(set(names)) != len(names) or not np.isfinite(X).all():
        raise ValueError("X must be finite, one row a label and one column a distinct name")
    steps, tensors = steps_and_tensors(pipe)
    statistics = cohort(pipe, X, y, seed) | {"reference": reference(pipe, X, y, seed)}
    if acquisition is not None:
        statistics["acquisition"] = acquisition
    contents = {
        "weights.safetensors": safetensors(tensors),
        "profile.yaml": Path(profile).read_bytes(),
        "selftest.json": to_json(self_test(pipe, X)),
        "cohort.json": to_json(statistics),
        "card.md": card.encode(),
    }
    if evaluation is not None:
        contents["evaluation.json"] = to_json(evaluation)
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
    if "indeterminate" in describe:
        manifest["decision"]["indeterminate"] = describe["indeterminate"]
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    data = to_json(manifest)
    (folder / "bundle.json").write_bytes(data)
    return sha256(data)
