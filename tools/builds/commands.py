"""The commands, one after the other, with what each prints, ends with and writes; and the results of given cases."""

import csv
import json
import os
import shutil
import subprocess

from builds import studies
from builds.record import MACHINE
from builds.studies import file

TRAINING = """model: lr
seed: 1
split: 0.7
cv: {folds: 3, repeats: 2}
inner: {folds: 3, repeats: 1}
components: [2, 4]
lr:
  c: [0.1, 1]
"""
MAPS = """imageType:
  Original: {}
featureClass:
  firstorder: [Mean, Entropy]
  glcm: [Contrast, Idm]
setting:
  binWidth: 25
voxelSetting:
  kernelRadius: 1
"""


class Commands:
    def __init__(self, program, root, phantoms, model, record, say):
        self.program, self.root, self.model, self.record, self.say = program, root, model, record, say
        self.phantoms, self.count = phantoms, 0
        self.names = sorted((name for name in os.listdir(phantoms) if "phantom" in name),
                            key=lambda name: (-os.path.getsize(os.path.join(phantoms, name, "mask.nii.gz")), name))
        os.makedirs(root)

    def run(self, *arguments, outputs=()):
        self.count += 1
        name = f"commands/{self.count:03} " + "-".join(
            os.path.basename(part) for part in arguments if not part.startswith("-"))[:60]
        done = subprocess.run([self.program, *arguments], capture_output=True, cwd=self.root, timeout=1800,
                              stdin=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"})
        # Only doctor tells of the machine; other sizes are the program's own.
        answers = [MACHINE.sub(b"<machine>", text) if "doctor" in arguments else text
                   for text in (done.stdout, done.stderr)]
        self.record.put(f"{name}.stdout", answers[0])
        self.record.put(f"{name}.stderr", answers[1] + b"status %d\n" % done.returncode)
        for output in outputs:
            path = os.path.join(self.root, output)
            if os.path.isdir(path):
                self.record.put_tree(f"{name}.{output}", path)
            elif os.path.exists(path):
                with open(path, "rb") as data:
                    self.record.put(f"{name}.{output}", data.read())
            else:
                self.record.put(f"{name}.{output}", "not written\n")
        return done

    def study(self, name, number, *changes):
        path = os.path.join(self.root, "studies", name)
        shutil.copytree(os.path.join(self.phantoms, self.names[number]), path)
        for made in changes:
            made(path)
        return f"studies/{name}"

    def write(self, name, text):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as out:
            out.write(text)

    def all(self):
        for step in (self.wrong, self.synthetic, self.one_study, self.features, self.many, self.learning, self.models,
                     self.installation):
            self.say(step.__name__.replace("_", " "))
            step()

    def wrong(self):
        self.run("--version")
        self.run("--experimental-dump-help")
        self.run("nonsense")
        for arguments in (
            ("process", "absent", "--output", "out", "--json"), ("process", "absent", "--output", "out"),
            ("extract", "--image", "absent.nii", "--mask", "absent.nii", "--json"), ("extract", "--json"),
            ("extract", "--image", "a", "--mask", "b", "--profile", "absent", "--json"),
            ("predict", "--features", "absent.csv", "--model", "absent", "--json"),
            ("jobs", "list", "--config", "absent.yaml", "--json"), ("model", "verify", "absent", "--json"),
            ("inspect", "absent", "--json"), ("convert", "absent", "--output", "x.nii.gz", "--json"),
            ("phantom", "--output", "x", "--slices", "0"), ("extract", "--threads", "0", "--image", "a", "--mask", "b"),
        ):
            self.run(*arguments)

    def synthetic(self):
        self.run("phantom", "--output", "ph", "--count", "2", "--slices", "10", "--matrix", "48", "--seed", "7", "--threads", "1",
                 outputs=["ph"])

    def one_study(self):
        kinds = {
            "nifti": (), "nrrd": (studies.nrrd,), "mha": (studies.metaimage,), "seg": (studies.segmentation,),
            "rtstruct": (lambda study: studies.structure_set(study, "GTV", "Bladder"),),
            "labels": (studies.two_labels,), "masks": (studies.two_masks,), "series": (studies.second_series,),
            "gap": (studies.without(5),), "cut": (studies.cut_slice,), "unmasked": (studies.without_mask,),
            "deep": (studies.deep,), "forced": (studies.damaged, file("study.yaml", "force: true\nreason: lost\n")),
        }
        for number, (name, changes) in enumerate(kinds.items()):
            path = self.study(name, number, *changes)
            choice = {"rtstruct": ["--roi", "GTV"], "labels": ["--label", "2"], "masks": ["--mask", "mask.nii.gz"]}
            self.run("inspect", path, "--json")
            self.run("inspect", path)
            self.run("process", path, "--output", f"out-{name}", "--model", self.model, "--json",
                     *choice.get(name, []), outputs=[f"out-{name}"])
        self.run("process", "studies/rtstruct", "--output", "out", "--json")
        self.run("process", "studies/nifti", "--output", "ctu", "--profile", "ctu-982", outputs=["ctu"])
        self.run("process", "studies/nifti", "--output", "ctu", "--profile", "ctu-982", "--json")
        studies.zipped(os.path.join(self.root, "studies/nifti"), os.path.join(self.root, "nifti.zip"))
        self.run("process", "nifti.zip", "--output", "zipped", "--json", outputs=["zipped"])
        self.run("convert", "studies/rtstruct", "--output", "i.nii.gz", "--mask", "studies/rtstruct/rtstruct.dcm",
                 "--mask-output", "m.nii.gz", "--roi", "GTV", "--json", outputs=["i.nii.gz", "m.nii.gz"])

    def features(self):
        pair = ["--image", "out-nifti/image.nii.gz", "--mask", "out-nifti/mask.nii.gz"]
        for profile in ("jiao2024", "ctu-982"):
            for form in ("json", "csv"):
                self.run("extract", *pair, "--profile", profile, "--format", form)
            self.run("extract", *pair, "--profile", profile, "--threads", "1", "--output", f"{profile}.json",
                     outputs=[f"{profile}.json"])
        self.run("extract", *pair, "--label", "9", "--json")
        self.write("maps.yaml", MAPS)
        self.run("extract", "--voxel", *pair, "--output", "maps", "--profile", "maps.yaml", outputs=["maps"])
        for features in ("jiao2024.json", "out-nrrd/features.csv", "ctu-982.json"):
            for policy in ("flag", "withhold"):
                self.run("predict", "--features", features, "--model", self.model, "--out-of-distribution", policy,
                         "--json")
        self.run("predict", "--features", "jiao2024.json", "--model", self.model)
        self.run("ibsi", "--json")
        self.run("ibsi")

    def many(self):
        for name in self.names:
            self.run("convert", os.path.join(self.phantoms, name), "--output", f"{name}.image.nii.gz", "--mask",
                     os.path.join(self.phantoms, name, "mask.nii.gz"), "--mask-output", f"{name}.mask.nii.gz")
        rows = [(name, f"{name}.image.nii.gz", f"{name}.mask.nii.gz") for name in self.names]
        self.table("cases.csv", [*rows, ("lost", "absent.nii.gz", "absent.nii.gz")])
        self.table("few.csv", rows[:3])
        for form in ("csv", "json"):
            self.run("extract", "--batch", "cases.csv", "--output", f"cases-features.{form}", "--format", form,
                     outputs=[f"cases-features.{form}"])
        self.run("extract", "--voxel", "--batch", "few.csv", "--output", "many", "--profile", "maps.yaml",
                 outputs=["many"])
        self.table("whole.csv", rows)
        self.run("extract", "--batch", "whole.csv", "--output", "features.csv")
        self.run("stability", "--batch", "few.csv", "--contours", "1", "--output", "stability.json", "--stable",
                 "stable.txt", outputs=["stability.json", "stable.txt"])

    def table(self, name, rows):
        with open(os.path.join(self.root, name), "w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("study", "Image", "Mask"), *rows])

    def learning(self):
        self.write("train.yaml", TRAINING)
        labels = os.path.join(self.phantoms, "labels.csv")
        tables = ["--features", "features.csv", "--labels", labels]
        self.run("train", *tables, "--config", "train.yaml", "--output", "lr.bundle", "--report", "report",
                 "--permutations", "5", "--split-seeds", "3", "--created", "2026-01-01T00:00:00Z", "--json",
                 outputs=["lr.bundle", "report"])
        for model in ("mlp", "rf"):
            self.run("train", *tables, "--model", model, "--components", "2", "--split", "none", "--output",
                     f"{model}.bundle", "--json", outputs=[f"{model}.bundle"])
        self.run("train", *tables, "--output", "lr.bundle", "--json")
        self.run("evaluate", "--model", "lr.bundle", *tables, "--output", "evaluation", "--json",
                 outputs=["evaluation"])
        self.run("evaluate", "--model", "lr.bundle", *tables, "--output", "evaluation", "--json")
        self.run("predict", "--features", "features.csv", "--model", "lr.bundle", "--json")
        self.run("predict", "--features", "features.csv", "--model", "rf.bundle")

    def models(self):
        for bundle in ("lr.bundle", "mlp.bundle", "rf.bundle", self.model):
            for command in ("inspect", "verify", "card"):
                self.run("model", command, bundle, "--json")
            self.run("model", "inspect", bundle)
            name = os.path.basename(bundle).split(".")[0]
            self.run("model", "export", bundle, "--output", f"{name}.tar", "--json", outputs=[f"{name}.tar"])
            self.run("model", "export", bundle, "--output", f"{name}.onnx", "--onnx", "--json",
                     outputs=[f"{name}.onnx"])
        self.run("model", "diff", "lr.bundle", "mlp.bundle", "--json")
        self.run("model", "diff", "lr.bundle", "lr.tar")
        self.rows("lr.bundle", "rows.json", "names.txt")
        self.run("model", "import", "lr.onnx", "--schema", "names.txt", "--profile", "jiao2024", "--rows", "rows.json",
                 "--output", "imported.bundle", "--created", "2026-01-01T00:00:00Z", "--json",
                 outputs=["imported.bundle"])
        self.run("model", "activate", "lr.bundle", "--json")

    def rows(self, bundle, target, names):
        """Reference rows for `model import`: what the bundle itself says of the cohort."""
        with open(os.path.join(self.root, bundle, "bundle.json"), encoding="utf-8") as data:
            columns = json.load(data)["features"]
        with open(os.path.join(self.root, "features.csv"), newline="", encoding="utf-8-sig") as data:
            cases = list(csv.DictReader(data))
        done = subprocess.run([self.program, "predict", "--features", "features.csv", "--model", bundle, "--json",
                               "--out-of-distribution", "flag"], cwd=self.root, capture_output=True, check=True)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        rows = [{"features": [float(case[name]) for name in columns], "probability": one["prediction"]["probability"]}
                for case, one in zip(cases, found) if one["prediction"]["probability"] is not None]
        self.write(target, json.dumps({"rows": rows[:12]}))
        self.write(names, "".join(f"{name}\n" for name in columns))

    def installation(self):
        self.write("doctor.yaml", "".join(f"{name}: d/{name}\n" for name in (
            "inbox", "outbox", "state", "done", "failed", "status")) + f"model: {self.model}\n")
        for name in ("inbox", "outbox", "state", "done", "failed", "status"):
            os.makedirs(os.path.join(self.root, "d", name), 0o700)
        self.run("doctor", "--config", "doctor.yaml", "--json")
        for command in (("health",), ("jobs", "list"), ("audit", "verify"), ("recover", "--dry-run"), ("drift",)):
            self.run(*command, "--config", "doctor.yaml", "--json")

    def case(self, folder):
        """`extract` of image.nii.gz and mask.nii.gz, and `process` of everything else in the folder as a study."""
        name = os.path.basename(os.path.normpath(folder))
        pair = [os.path.join(folder, one) for one in ("image.nii.gz", "mask.nii.gz")]
        if all(os.path.exists(path) for path in pair):
            for profile in ("jiao2024", "ctu-982"):
                self.run("extract", "--image", pair[0], "--mask", pair[1], "--profile", profile, "--output",
                         f"{name}.{profile}.json", outputs=[f"{name}.{profile}.json"])
        study = os.path.join(self.root, "cases", name)
        shutil.copytree(folder, study, ignore=shutil.ignore_patterns("image.nii.gz", "mask.nii.gz", "reference"))
        if any(os.path.isfile(os.path.join(at, one)) for at, _, found in os.walk(study) for one in found):
            for profile in ("jiao2024", "ctu-982"):
                self.run("process", f"cases/{name}", "--output", f"{name}-{profile}", "--profile", profile,
                         *(["--model", self.model] if profile == "jiao2024" else []), "--json",
                         outputs=[f"{name}-{profile}"])
        shutil.rmtree(study)
