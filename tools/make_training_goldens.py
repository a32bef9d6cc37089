"""Make Tests/TrainingTests/Fixtures/sklearn.json: what scikit-learn 1.9.1 fits to 97 rows of its breast_cancer table
(Wolberg, Mangasarian, Street; CC BY 4.0). Run with the versions of tools/requirements-train.txt.

The tests fit the same with radiomicsd and compare: scaler to the bit, components 1e-12, perceptrons 1e-10 with the same
number of epochs, logistic regression 1e-8.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedShuffleSplit
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

warnings.filterwarnings("ignore")
MLPS = {
    "relu": dict(hidden_layer_sizes=(8, 4), random_state=5, max_iter=300),
    "relu, early stopping": dict(hidden_layer_sizes=(8, 4), random_state=5, max_iter=300, early_stopping=True),
    "tanh, batches, early stopping": dict(
        hidden_layer_sizes=(12,), activation="tanh", random_state=3, batch_size=32, early_stopping=True
    ),
    "logistic, batches": dict(hidden_layer_sizes=(6,), activation="logistic", random_state=3, batch_size=20),
    "identity, strong penalty": dict(
        hidden_layer_sizes=(5, 3), activation="identity", random_state=11, alpha=10.0, learning_rate_init=0.01
    ),
}


def main():
    X, y = load_breast_cancer(return_X_y=True)
    rows = np.random.RandomState(0).permutation(len(y))[:97]
    X, y = X[rows], y[rows]
    train, test = next(StratifiedShuffleSplit(1, test_size=30, random_state=1).split(X, y))
    out = {
        "sklearn": sklearn.__version__,
        "x": X.ravel().tolist(),
        "y": y.tolist(),
        "train": train.tolist(),
        "test": test.tolist(),
        "uniform": np.random.RandomState(7).uniform(-1, 1, 700)[-5:].tolist(),
        "permutation": np.random.RandomState(7).permutation(97).tolist(),
        "folds": [
            t.tolist() for _, t in RepeatedStratifiedKFold(n_splits=5, n_repeats=2, random_state=42).split(X, y)
        ],
    }
    scaler = StandardScaler().fit(X[train])
    Z = scaler.transform(X[train])
    pca = PCA(10, svd_solver="full").fit(Z)
    everything = PCA(svd_solver="full").fit(Z)
    wide = PCA(15, svd_solver="full").fit(Z[:16])
    out["scaler"] = {"mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()}
    out["pca"] = {"components": pca.components_.ravel().tolist(), "ratio": everything.explained_variance_ratio_.tolist()}
    out["pca of 16 rows"] = {
        "components": wide.components_.ravel().tolist(),
        "variance": wide.explained_variance_.tolist(),
    }
    out["components for 95 %"] = int(PCA(0.95, svd_solver="full").fit(Z).n_components_)
    T = pca.transform(Z)
    held = pca.transform(scaler.transform(X[test]))
    lr = LogisticRegression(solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(T, y[train])
    out["lr"] = {"coef": lr.coef_[0].tolist(), "intercept": float(lr.intercept_[0])}
    few = LogisticRegression(C=0.5, solver="newton-cholesky", tol=1e-13, max_iter=1000).fit(Z[:20], y[train][:20])
    out["lr of 20 rows"] = {"coef": few.coef_[0].tolist(), "intercept": float(few.intercept_[0])}
    out["mlp"] = {}
    for name, keys in MLPS.items():
        mlp = MLPClassifier(**keys).fit(T, y[train])
        out["mlp"][name] = {
            "weights": [c.ravel().tolist() for c in mlp.coefs_],
            "biases": [c.tolist() for c in mlp.intercepts_],
            "epochs": mlp.n_iter_,
            "loss": mlp.loss_curve_[-1],
            "probability": mlp.predict_proba(held)[:, 1].tolist(),
        }
    # With leaves of three cases every cut is the only best one: whatever scikit-learn draws, the tree is the same.
    trees = [DecisionTreeClassifier(min_samples_leaf=3, random_state=seed).fit(T, y[train]).tree_ for seed in range(100)]
    tree = trees[0]
    for other in trees[1:]:
        assert np.array_equal(tree.feature, other.feature) and np.array_equal(tree.threshold, other.threshold)
    out["tree"] = {
        "feature": np.maximum(tree.feature, -1).tolist(),
        "threshold": tree.threshold.tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": tree.value[:, 0, 1].tolist(),
    }
    # Without that limit three cuts of the node on the right are equally good, and scikit-learn draws one.
    tied = DecisionTreeClassifier(max_depth=2).fit(T, y[train])
    leaves = tied.tree_.children_left < 0
    out["gini of depth 2"] = float((tied.tree_.impurity * tied.tree_.n_node_samples)[leaves].sum() / len(train))
    path = Path(__file__).resolve().parent.parent / "Tests/TrainingTests/Fixtures/sklearn.json"
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
