"""Fit the demonstration model on features of synthetic phantoms and freeze it as a bundle (docs/model.md).

    radiomicsd phantom --output STUDIES --count 97 --seed 1            # studies and labels.csv
    radiomicsd process STUDIES/phantom-0001 --output RESULTS/phantom-0001 --profile jiao2024    # and so on
    python tools/train_demo_model.py --features RESULTS/*/features.csv --labels STUDIES/labels.csv \
        --output etc/models/demonstration --created 2026-01-01T00:00:00Z

A features file (one or many) has a column `study` and one column a feature; the labels have `study` and `label` (0 or
1). The 97 studies are split once, stratified, into 67 for training and 30 for testing. Scaler, PCA, MLP and every
choice between them see the 67 alone. The same input, seed and versions (requirements-train.txt) give the same bytes.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the order of summation, and so the last bits, depend on threads

import argparse
import csv
import itertools
import math
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from export_bundle import export_bundle  # noqa: E402

warnings.filterwarnings("ignore", category=ConvergenceWarning)  # a small max_iter is one of the choices

CLASSES = ["HER2-negative", "HER2-positive"]
GRID = {
    "components": [10, 20, 30],
    "hidden": [(16,), (16, 8)],
    "alpha": [1.0, 10.0, 30.0],
    "max_iter": [30, 100, 300],
}


def number(text, place):
    """A cell as a number; a tuple, as PyRadiomics prints spacings and sizes, as its Euclidean norm."""
    try:
        if text.startswith("("):
            return math.hypot(*(float(part) for part in text.strip("()").split(",") if part.strip()))
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        sys.exit(f"{place} holds {text!r}, which is not a number")
    return value


def read_rows(path, column):
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or column not in rows[0]:
        sys.exit(f"{path} has no column {column} or no row")
    return rows


def read_table(features, labels, names):
    """(studies sorted by name, X, y) of the studies that both files hold; a study in one of them alone is an error."""
    table, truth = {}, {}
    for path in features:
        for line, row in enumerate(read_rows(path, "study"), 2):
            missing = [name for name in names if name not in row]
            if missing:
                sys.exit(f"{path} lacks the column {missing[0]}")
            if row["study"] in table:
                sys.exit(f"{path} row {line} repeats study {row['study']}")
            table[row["study"]] = [number(row[name], f"{path} row {line} column {name}") for name in names]
    for line, row in enumerate(read_rows(labels, "study"), 2):
        if row.get("label") not in ("0", "1") or row["study"] in truth:
            sys.exit(f"{labels} row {line}: label must be 0 or 1, and each study stand once")
        truth[row["study"]] = int(row["label"])
    if table.keys() != truth.keys():
        sys.exit(f"studies without a partner in the other file: {sorted(table.keys() ^ truth.keys())}")
    studies = sorted(table)
    return studies, np.array([table[s] for s in studies]), np.array([truth[s] for s in studies])


def pipeline(components, hidden, alpha, max_iter, seed):
    return Pipeline(
        [
            ("scale", StandardScaler()),
            ("pca", PCA(components, svd_solver="full")),
            ("mlp", MLPClassifier(hidden, alpha=alpha, max_iter=max_iter, learning_rate_init=0.01, random_state=seed)),
        ]
    )


def select(X, y, seed):
    """The choice of GRID with the least cross-validated log loss on the training rows, the simplest among equals."""
    folds = list(RepeatedStratifiedKFold(n_splits=5, n_repeats=3, random_state=seed).split(X, y))
    best = None
    for values in itertools.product(*GRID.values()):
        choice = dict(zip(GRID, values))
        losses = []
        for train, held in folds:
            pipe = pipeline(**choice, seed=seed).fit(X[train], y[train])
            losses.append(log_loss(y[held], pipe.predict_proba(X[held])[:, 1], labels=[0, 1]))
        loss = float(np.mean(losses))
        if best is None or loss < best[0] - 1e-12:
            best = (loss, choice)
    return best


def card(arguments, choice, loss, y, train, test, auc):
    return f"""# {arguments.name} {arguments.version}

**Demonstration only. Not for diagnosis, and not a model of any disease.**

This model shows radiomicsd at work. It was trained on **synthetic phantoms** that `radiomicsd phantom` draws: computed
pictures of a pelvis with a bladder and a tumour whose texture and shape depend on an invented class. No patient, no
scanner and no pathologist took part.

- Input: {arguments.columns} features of profile `{arguments.profile.stem}` (schema `{arguments.schema.stem}`).
- Steps: standardise, {choice["components"]} principal components, multilayer perceptron with hidden layers
  {", ".join(map(str, choice["hidden"]))} (relu), alpha {choice["alpha"]:g}, at most {choice["max_iter"]} epochs of adam.
- Cases: {len(y)} phantoms, {int(y.sum())} of the class called positive; {len(train)} trained the model
  ({int(y[train].sum())} positive), {len(test)} tested it ({int(y[test].sum())} positive). One stratified split, seed
  {arguments.seed}. The settings were chosen by cross-validation on the {len(train)} alone (log loss {loss:.4f}).
- Threshold: 0.5, fixed in advance.
- AUC on the {len(test)} phantoms that it did not see: {auc:.4f}. Uncertain by about 0.2 either way with so few cases. The
  phantoms' classes differ, and overlap, because they are drawn so: the figure tells how hard the drawing is. It says
  nothing about patients and is not comparable with any published figure.

A probability for a real patient's study is meaningless, whatever its value. Most such studies lie far outside the
training cohort, and results say so (`outOfDistribution`).
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", required=True, type=Path, nargs="+")
    parser.add_argument("--labels", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    parser.add_argument("--created", required=True, help="ISO 8601 time to write into the bundle")
    parser.add_argument("--schema", type=Path, default=ROOT / "etc/schemas/jiao2024-975.txt")
    parser.add_argument("--profile", type=Path, default=ROOT / "etc/profiles/jiao2024.yaml")
    parser.add_argument("--name", default="phantom-demonstration")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--test-size", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    names = [n for n in arguments.schema.read_text().split("\n") if n and not n.startswith("#")]
    arguments.columns = len(names)
    studies, X, y = read_table(arguments.features, arguments.labels, names)
    train, test = train_test_split(
        np.arange(len(y)), test_size=arguments.test_size, stratify=y, random_state=arguments.seed
    )
    train, test = np.sort(train), np.sort(test)
    loss, choice = select(X[train], y[train], arguments.seed)
    pipe = clone(pipeline(**choice, seed=arguments.seed)).fit(X[train], y[train])
    auc = roc_auc_score(y[test], pipe.predict_proba(X[test])[:, 1])
    identity = export_bundle(
        arguments.output,
        pipe,
        names,
        X[train],
        y[train],
        profile=arguments.profile,
        seed=arguments.seed,
        card=card(arguments, choice, loss, y, train, test, auc),
        describe={
            "name": arguments.name,
            "version": arguments.version,
            "created": arguments.created,
            "demonstration": True,
            "classes": CLASSES,
            "label_definition": "invented class of a synthetic phantom; stands for IHC 2+ or 3+",
            "threshold": 0.5,
            "threshold_rule": "fixed in advance",
            "intended_use": "To show the software at work. Trained on synthetic phantoms.",
            "not_for": ["patients", "diagnosis", "any comparison of accuracy"],
            "profile_name": arguments.profile.stem,
            "training": {
                "n_positive": int(y[train].sum()),
                "split": f"one stratified split {len(train)}/{len(test)}, seed {arguments.seed}",
                "seed": arguments.seed,
                "hyperparameters": {**choice, "hidden": list(choice["hidden"])},
                "selection": "least log loss in 5-fold cross-validation, 3 repeats, on the training rows alone",
                "cohort": "synthetic phantoms",
                "test_auc": auc,
            },
        },
    )
    print(f"{arguments.output}: {len(train)} trained, {len(test)} tested, test AUC {auc:.4f} (synthetic), id {identity}")


if __name__ == "__main__":
    main()
