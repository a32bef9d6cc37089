"""Small pipelines of scikit-learn as ONNX files and as a bundle, with what scikit-learn says of reference rows.

    python -m venv venv && venv/bin/pip install scikit-learn skl2onnx onnx onnxruntime
    venv/bin/python Tests/Oracles/onnx_models.py            makes Tests/ONNXTests/Fixtures and Tests/ModelTests/Fixtures/forest
    venv/bin/python Tests/Oracles/onnx_models.py --check PROGRAM
        fits pipelines anew, exports them with tools/export_bundle.py and as ONNX, and holds what radiomicsd makes of
        them (predict, model import, model export --onnx) against scikit-learn and onnxruntime

12 features on scales from 1e-3 to 1e3, 90 cases. Every file's rows stand in expected.json.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import sklearn
import skl2onnx
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from export_bundle import cohort, export_bundle, self_test  # noqa: E402

NAMES = [f"original_glcm_F{i:02d}" for i in range(12)]


def table(seed, n=90, p=12, offset=1):
    random = np.random.default_rng(seed)
    factors = random.normal(size=(n, 4))
    X = factors @ random.normal(size=(4, p)) + 0.5 * random.normal(size=(n, p))
    X = (X + offset * random.normal(size=p)) * 10.0 ** random.uniform(-3, 3, p)
    return X, (factors[:, 0] + 0.6 * random.normal(size=n) > 0).astype(int)


def pca(whiten=False):
    return PCA(4, whiten=whiten, svd_solver="full")


PIPELINES = {
    "mlp": lambda: [StandardScaler(), pca(), MLPClassifier((6, 3), max_iter=400, random_state=0)],
    "tanh": lambda: [StandardScaler(), pca(True), MLPClassifier((5,), "tanh", max_iter=400, random_state=0)],
    "identity": lambda: [StandardScaler(), MLPClassifier((3,), "identity", max_iter=400, random_state=0)],
    "lr": lambda: [StandardScaler(), pca(), LogisticRegression()],
    "rf": lambda: [StandardScaler(), pca(), RandomForestClassifier(6, max_depth=4, random_state=0)],
    "selected": lambda: [SimpleImputer(), SelectKBest(k=5), StandardScaler(), LogisticRegression()],
}


def fitted(name, X, y):
    return Pipeline([(str(i), step) for i, step in enumerate(PIPELINES[name]())]).fit(X, y)


def exported(pipe, double=True, zipmap=False):
    kind = DoubleTensorType if double else FloatTensorType
    options = {id(pipe.steps[-1][1]): {"zipmap": zipmap}}
    return to_onnx(pipe, initial_types=[("X", kind([None, 12]))], options=options)


def reference(pipe, X, rows):
    return {"rows": [{"features": row.tolist(), "probability": float(pipe.predict_proba(row[None])[0, 1])} for row in rows]}


def hostile(model):
    """Files that must be refused, by name."""
    out = {}
    X, y = table(5)
    boosted = Pipeline([("s", StandardScaler()), ("g", GradientBoostingClassifier(n_estimators=4))]).fit(X, y)
    out["boosted"] = exported(boosted).SerializeToString()
    neighbours = Pipeline([("s", StandardScaler()), ("k", KNeighborsClassifier(3))]).fit(X, y)
    out["neighbours"] = exported(neighbours).SerializeToString()
    # Means of ten thousand deviations: single precision is not enough for the reference rows.
    far, labels = table(6, offset=1e4)
    out["offset"] = exported(fitted("lr", far, labels), double=False).SerializeToString()

    def changed(change):
        copy = onnx.ModelProto.FromString(model.SerializeToString())
        change(copy)
        return copy.SerializeToString()

    def external(copy):
        tensor = copy.graph.initializer[0]
        tensor.ClearField("double_data")
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="/etc/passwd")

    def conditional(copy):
        branch = helper.make_graph([], "branch", [], [])
        node = helper.make_node("If", ["X"], ["cond"], then_branch=branch, else_branch=branch)
        copy.graph.node[0].input[0] = "cond"
        copy.graph.node.insert(0, node)

    def integers(copy):
        tensor = copy.graph.initializer[0]
        values = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))

    def circle(copy):
        copy.graph.node[0].input[0] = copy.graph.node[1].output[0]

    def domain(copy):
        copy.graph.node[0].domain = "com.example"

    def operation(copy):
        copy.graph.node[0].op_type = "Erf"

    def weight(copy):
        tensor = next(t for t in copy.graph.initializer if t.name == "coefficient")
        values = numpy_helper.to_array(tensor).copy()
        values[0, 0] += 1e-3
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))

    def rotated(copy):
        tensor = next(t for t in copy.graph.initializer if t.name == "transform_matrix")
        values = numpy_helper.to_array(tensor).copy()
        values[:, 0] *= 1.5
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))

    changes = [external, conditional, integers, circle, domain, operation, weight, rotated]
    return out | {change.__name__: changed(change) for change in changes}


def make():
    folder = ROOT / "Tests/ONNXTests/Fixtures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    X, y = table(1)
    rows = [row["features"] for row in self_test(fitted("lr", X, y), X, count=7)["rows"]]
    rows = np.vstack([np.array(rows), X[:3]])
    files = {}
    for name in PIPELINES:
        pipe = fitted(name, X, y)
        for double in (True, False):
            for zipmap in (False, True):
                model = exported(pipe, double, zipmap)
                file = f"{name}-{'f64' if double else 'f32'}{'-zipmap' if zipmap else ''}.onnx"
                (folder / file).write_bytes(model.SerializeToString())
                files[file] = reference(pipe, X, rows)["rows"]
    model = exported(fitted("mlp", X, y))
    for name, data in hostile(model).items():
        (folder / f"hostile-{name}.onnx").write_bytes(data)
    far, labels = table(6, offset=1e4)
    files["hostile-offset.onnx"] = reference(fitted("lr", far, labels), far, far[:10])["rows"]
    statistics = cohort(fitted("mlp", X, y), X, y, seed=1, repeats=2)
    statistics["component_variance"] = fitted("mlp", X, y).steps[1][1].explained_variance_.tolist()
    document = {
        "source": f"Tests/Oracles/onnx_models.py, scikit-learn {sklearn.__version__}, skl2onnx {skl2onnx.__version__}",
        "features": NAMES,
        "files": files,
        "cohort": statistics,
    }
    (folder / "expected.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")

    forest = ROOT / "Tests/ModelTests/Fixtures/forest"
    shutil.rmtree(forest, ignore_errors=True)
    pipe = fitted("rf", X, y)
    bundle(forest / "bundle", pipe, X, y)
    far = X[:20] * 3
    (forest / "expected.json").write_text(
        json.dumps({"features": NAMES, "rows": reference(pipe, X, np.vstack([X, far]))["rows"]}, separators=(",", ":"))
        + "\n"
    )
    print(sum(f.stat().st_size for d in (folder, forest) for f in d.rglob("*") if f.is_file()), "bytes")


ENVELOPE = {
    "manufacturers": ["SIEMENS", "GE MEDICAL SYSTEMS"],
    "kernels": ["B30f"],
    "kvp": [100, 120],
    "slice_thickness_mm": [1, 5],
    "slice_spacing_mm": [1, 5],
    "pixel_spacing_mm": [0.6, 0.9],
    "roi_volume_mm3": [500, 90000],
    "roi_voxels": [200, 40000],
}


def bundle(folder, pipe, X, y):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as profile:
        profile.write("setting:\n  binWidth: 25\n")
        profile.flush()
        return export_bundle(
            folder,
            pipe,
            NAMES,
            X,
            y,
            profile=profile.name,
            card="# A forest\n\nSynthetic numbers, for tests.\n",
            acquisition=ENVELOPE,
            evaluation={"schema": "radiomicsd.evaluation/1", "note": "none: made for tests"},
            describe={
                "name": "oracle",
                "version": "1.0.0",
                "created": "2026-01-01T00:00:00Z",
                "demonstration": True,
                "classes": ["negative", "positive"],
                "label_definition": "synthetic",
                "threshold": 0.5,
                "threshold_rule": "fixed",
                "indeterminate": [0.45, 0.55],
                "intended_use": "tests",
                "not_for": ["patients"],
                "profile_name": "oracle",
                "training": {},
            },
        )


def check(program):
    """Largest |dp| of each way, on pipelines that are fitted now."""
    import onnxruntime

    def run(*arguments):
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{arguments}: {done.returncode} {done.stderr}")
        return done.stdout

    worst = 0.0
    for seed in (11, 12):
        X, y = table(seed)
        rows = np.vstack([X, X[:10] * 2])
        pipes = {name: fitted(name, X, y) for name in PIPELINES}
        pipes["calibrated"] = CalibratedClassifierCV(
            FrozenEstimator(pipes["lr"]), method="sigmoid", ensemble=False
        ).fit(X, y)
        for name, pipe in pipes.items():
            with tempfile.TemporaryDirectory() as work:
                work = Path(work)
                table_file = work / "features.csv"
                lines = [",".join(NAMES)] + [",".join(map(repr, row.tolist())) for row in rows]
                table_file.write_text("\n".join(lines) + "\n")
                expected = pipe.predict_proba(rows)[:, 1]
                found = {}
                made = []
                if name != "selected":
                    bundle(work / "bundle", pipe, X, y)
                    made.append(("export_bundle", work / "bundle"))
                if name != "calibrated":
                    (work / "m.onnx").write_bytes(exported(pipe).SerializeToString())
                    (work / "names.txt").write_text("\n".join(NAMES) + "\n")
                    (work / "profile.yaml").write_text("setting:\n  binWidth: 25\n")
                    (work / "rows.json").write_text(json.dumps(reference(pipe, X, rows[:20])))
                    options = ["--schema", work / "names.txt", "--profile", work / "profile.yaml"]
                    run("model", "import", work / "m.onnx", *options, "--rows", work / "rows.json", "-o", work / "imported")
                    made.append(("model import", work / "imported"))
                for way, folder in made:
                    run("model", "verify", folder)
                    answers = [json.loads(line) for line in run(
                        "predict", "--features", table_file, "--model", folder, "--json").splitlines()]
                    ours = np.array([answer["prediction"]["probability"] for answer in answers])
                    found[way] = np.abs(ours - expected).max()
                    run("model", "export", folder, "--onnx", "-o", work / f"{folder.name}.onnx")
                    onnx.checker.check_model(str(work / f"{folder.name}.onnx"))
                    session = onnxruntime.InferenceSession(str(work / f"{folder.name}.onnx"))
                    names = json.loads((folder / "bundle.json").read_text())["features"]
                    columns = [NAMES.index(n) for n in names]
                    theirs = session.run(None, {"X": np.ascontiguousarray(rows[:, columns])})[0][:, 1]
                    found[f"{way}, export --onnx in onnxruntime"] = np.abs(theirs - ours).max()
                limits = {way: 1e-12 if "export" in way else 1e-9 for way in found}
                for way, difference in found.items():
                    # Trees come from ONNX with thresholds and shares in single precision.
                    limit = 1e-6 if name == "rf" and way == "model import" else limits[way]
                    verdict = "ok" if difference <= limit else "DIFFERS"
                    print(f"seed {seed}  {name:12} {way:48} {difference:.1e}  {verdict}")
                    worst = max(worst, difference / limit)
    raise SystemExit(0 if worst <= 1 else 1)


if __name__ == "__main__":
    if "--check" in sys.argv:
        check(sys.argv[sys.argv.index("--check") + 1])
    make()
