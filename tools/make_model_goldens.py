"""Make Tests/ModelTests/Fixtures/goldens.json: fitted scikit-learn pipelines, rows, and what scikit-learn says of them.

Run with the versions of tools/requirements-train.txt:  python tools/make_model_goldens.py
The tests rebuild each pipeline from its tensors and compare probabilities (1e-12) and distances.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(Path(__file__).parent))
from export_bundle import cohort, distances, scores, self_test, steps_and_tensors  # noqa: E402

warnings.filterwarnings("ignore", category=sklearn.exceptions.ConvergenceWarning)


def table(seed, n, p):
    """Correlated columns on scales from 1e-5 to 1e8, as radiomic features are; one constant; labels from two factors."""
    random = np.random.default_rng(seed)
    factors = random.normal(size=(n, 6))
    X = factors @ random.normal(size=(6, p)) + 0.7 * random.normal(size=(n, p))
    X = X * 10.0 ** random.uniform(-5, 8, p) + 10.0 ** random.uniform(-3, 5, p)
    X[:, 3] = 2.0
    y = (factors[:, 0] + 0.5 * factors[:, 1] + 0.6 * random.normal(size=n) > 0.1).astype(int)
    return X, y


def mlp(hidden, activation, **keys):
    keys = {"max_iter": 300, "alpha": 1e-3} | keys
    return MLPClassifier(hidden, activation=activation, random_state=0, **keys)


def pca(k, whiten=False):
    return PCA(k, whiten=whiten, svd_solver="full")


CASES = {
    "paper shape, relu": ([StandardScaler(), pca(20), mlp((64, 32), "relu")], 200),
    "tanh": ([StandardScaler(), pca(8), mlp((16,), "tanh")], 24),
    "logistic": ([StandardScaler(), pca(8), mlp((16, 8, 4), "logistic", learning_rate_init=0.05)], 24),
    "identity": ([StandardScaler(), pca(8), mlp((5,), "identity")], 24),
    "no hidden layer": ([StandardScaler(), pca(8), mlp((), "relu")], 24),
    "whitened": ([StandardScaler(), pca(8, whiten=True), mlp((10,), "relu")], 24),
    "without PCA": ([StandardScaler(), mlp((12, 6), "tanh")], 24),
    "steep": ([StandardScaler(), pca(6), mlp((32, 32, 32), "relu", max_iter=3000, alpha=0, tol=0)], 24),
    "logistic regression": ([StandardScaler(), pca(8), LogisticRegression()], 24),
    "logistic regression on features": ([StandardScaler(), LogisticRegression(C=0.1)], 24),
    "classifier alone, small values": ([mlp((8,), "relu")], 24),
}


def main():
    out = []
    for index, (name, (steps, p)) in enumerate(CASES.items()):
        X, y = table(index, 97, p)
        if len(steps) == 1:
            X = (X - X.mean(0)) / (X.std(0) + (X.std(0) == 0))
        pipe = Pipeline([(str(i), step) for i, step in enumerate(steps)]).fit(X[:67], y[:67])
        random = np.random.default_rng(100 + index)
        far = X[:3] + 30 * X.std(0) * random.normal(size=(3, p))
        rows = np.vstack([X[67:75], far])
        t2, spe = distances(pipe, rows)
        stats = cohort(pipe, X[:67], y[:67], seed=1, repeats=2)
        operations, tensors = steps_and_tensors(pipe)
        T = scores(pipe, rows)[1]
        out.append(
            {
                "name": name,
                "steps": operations,
                "tensors": {k: {"shape": list(v.shape), "values": v.ravel().tolist()} for k, v in tensors.items()},
                "rows": rows.tolist(),
                "probability": pipe.predict_proba(rows)[:, 1].tolist(),
                "scores": None if T is None else T.tolist(),
                "t2": None if t2 is None else t2.tolist(),
                "spe": spe.tolist(),
                "cohort": {k: v for k, v in stats.items() if k != "limits_from"},
                "selftest": self_test(pipe, X[:67], count=5),
            }
        )
        print(name, np.round(out[-1]["probability"], 4))
    document = {
        "source": "tools/make_model_goldens.py, "
        f"scikit-learn {sklearn.__version__}, numpy {np.__version__}, scipy {scipy.__version__}",
        "cases": out,
    }
    path = Path(__file__).parent.parent / "Tests/ModelTests/Fixtures/goldens.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, separators=(",", ":"), allow_nan=False).replace('{"name"', '\n{"name"') + "\n")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
