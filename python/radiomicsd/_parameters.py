"""Parameters: PyRadiomics' parameter files, dictionaries of their content, and the program's own profiles."""

import json
import os

#: Settings that belong into the section `voxelSetting`.
VOXEL_SETTINGS = ("kernelRadius", "maskedKernel", "initValue", "voxelBatch")


def parameter_file(params, files):
    """What `--profile` is given: a path or a name as it is, a dictionary as a file (JSON is YAML)."""
    if isinstance(params, (str, os.PathLike)):
        return os.fspath(params)
    path = files.folder / "parameters.yaml"
    path.write_text(json.dumps(_plain(params), indent=1), encoding="utf-8")
    return str(path)


def read(path):
    """A parameter file's content."""
    import yaml

    with open(path, encoding="utf-8-sig") as file:
        return yaml.safe_load(file) or {}


def document(settings, image_types, feature_classes):
    """The content of a parameter file for what an extractor holds. None is left out: it stands for a default."""
    own = {name: value for name, value in settings.items() if value is not None}
    voxel = {name: own.pop(name) for name in VOXEL_SETTINGS if name in own}
    result = {
        "imageType": {name: values or {} for name, values in image_types.items()},
        "featureClass": {name: list(features or []) for name, features in feature_classes.items()},
        "setting": own,
    }
    return {**result, "voxelSetting": voxel} if voxel else result


def _plain(value):
    """Plain types for JSON: tuples, numpy's numbers and arrays, SimpleITK's enumerations."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"a parameter is a number, a text, a list or a dictionary, not {type(value).__name__}")
