"""Features as a dictionary or a table."""

import csv
import json
import os
from pathlib import Path

from ._images import Files
from ._parameters import parameter_file
from ._program import RadiomicsdError, run


def extract(image, mask, params=None, *, label=None, diagnostics=False, threads=None):
    """Computes the features of a region.

    Args:
        image: path (NIfTI, NRRD, MetaImage) or SimpleITK image.
        mask: label map on the image's grid, likewise.
        params: a PyRadiomics parameter file, a dictionary of its content, or the name of a built-in profile: "jiao2024"
            (None too), "ctu-982", "pyradiomics-defaults".
        label: the region's label. None takes the only one that there is, or the one that `params` names.
        diagnostics: whether `diagnostics_…` entries come before the features, lists as they are.
        threads: threads to use; None is one per processor. The numbers do not depend on it.

    Returns:
        {name: number} in PyRadiomics' order.

    Raises:
        RadiomicsdError: with the program's code.
    """
    with Files() as files:
        arguments = ["extract", "--image", files.path(image, "image"), "--mask", files.path(mask, "mask")]
        arguments += options(params, files, label=label, threads=threads)
        document = json.loads(run(*arguments, "--format", "json", "--json"))
    features = numbers(document)
    return {**document["diagnostics"], **features} if diagnostics else features


def extract_cases(cases, params=None, *, label=None, jobs=None, threads=None, dataframe=None):
    """Computes the features of many regions, several at once.

    Args:
        cases: pairs (image, mask), or dictionaries with the keys Image and Mask and, if wanted, Label and others, which
            pass through; or the path of a CSV with those columns.
        params, label, threads: as for `extract`.
        jobs: cases at once; None is one per processor.
        dataframe: True gives a pandas DataFrame, False a list of dictionaries, None a DataFrame where pandas is.

    Returns:
        One row per case, in order. A case that failed has `radiomicsd_code` and `radiomicsd_message`, and no features.
    """
    with Files() as files:
        table = files.folder / "cases.csv"
        if isinstance(cases, (str, os.PathLike)):
            table = Path(cases)
        else:
            _write_cases(cases, table, files)
        output = files.folder / "features.csv"
        arguments = ["extract", "--batch", str(table), "--output", str(output), "--format", "csv"]
        arguments += options(params, files, label=label, threads=threads)
        if jobs is not None:
            arguments += ["--jobs", str(jobs)]
        try:
            run(*arguments, "--json")
        except RadiomicsdError:
            # Some cases failed: each row says how it went. Nothing was written where the call itself was wrong.
            if not output.exists():
                raise
        with open(output, newline="", encoding="utf-8") as file:
            rows = [{key: _cell(key, text) for key, text in row.items()} for row in csv.DictReader(file)]
    if dataframe is False:
        return rows
    try:
        import pandas
    except ImportError:
        if dataframe:
            raise
        return rows
    return pandas.DataFrame(rows)


def options(params, files, *, label=None, threads=None):
    """The program's options for what a call asks."""
    arguments = []
    if params is not None:
        arguments += ["--profile", parameter_file(params, files)]
    if label is not None:
        arguments += ["--label", str(int(label))]
    if threads is not None:
        arguments += ["--threads", str(int(threads))]
    return arguments


def numbers(document):
    """The features of a document. JSON has no infinity: the document says by name which of its nulls are none."""
    special = document.get("nonFinite", {})
    return {
        name: float(special.get(name, "nan")) if value is None else float(value)
        for name, value in document["features"].items()
    }


def _write_cases(cases, table, files):
    rows = []
    for index, case in enumerate(cases):
        row = dict(case) if isinstance(case, dict) else dict(zip(("Image", "Mask"), case))
        for column in ("Image", "Mask"):
            row[column] = os.path.abspath(files.path(row[column], f"{column.lower()}-{index}"))
        rows.append(row)
    columns = list(dict.fromkeys(column for row in rows for column in row)) or ["Image", "Mask"]
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _cell(column, text):
    """A number where the column is a feature's or a diagnostic's, the text elsewhere."""
    name = column.split("_")
    if len(name) < 3 and name[0] != "diagnostics":
        return text
    if text == "":
        return float("nan") if name[0] != "diagnostics" and name[0] != "radiomicsd" else text
    try:
        return float(text)
    except ValueError:
        return text
