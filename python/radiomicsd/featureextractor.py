"""RadiomicsFeatureExtractor with PyRadiomics' calls, computed by radiomicsd.

Programs that say `from radiomics import featureextractor` go on working with `from radiomicsd import featureextractor`.
The result has the same keys, types and order. What differs: parameters that are not supported are refused by name and
never passed over, and `diagnostics_Versions_PyRadiomics` names radiomicsd.
"""

import collections
import json
import logging
import os
import sys

from . import _parameters
from ._extract import numbers, options
from ._images import Files
from ._program import run, version

logger = logging.getLogger(__name__)

#: By name, as PyRadiomics lists them.
FEATURE_CLASSES = ("firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm", "shape", "shape2D")
IMAGE_TYPES = (
    "Exponential",
    "Gradient",
    "LBP2D",
    "LBP3D",
    "LoG",
    "Logarithm",
    "Original",
    "Square",
    "SquareRoot",
    "Wavelet",
)

#: Shape features that PyRadiomics gives as numpy.float64; the others are arrays without dimensions.
_PLAIN_SHAPE = {
    "Elongation",
    "Flatness",
    "LeastAxisLength",
    "MajorAxisLength",
    "MinorAxisLength",
    "VoxelVolume",
}


class RadiomicsFeatureExtractor:
    """Computes a signature of an image's region; see PyRadiomics' class of this name.

    Args:
        args: nothing, a parameter file's path, or a dictionary of its content.
        kwargs: settings, which stand above those of the file.
    """

    def __init__(self, *args, **kwargs):
        self.settings = {}
        self.enabledImagetypes = {}
        self.enabledFeatures = {}
        self.featureClassNames = list(FEATURE_CLASSES)
        given = args[0] if len(args) == 1 else None
        if isinstance(given, dict):
            self._apply(given)
        elif isinstance(given, (str, os.PathLike)):
            if not os.path.isfile(given):
                raise IOError(f"Parameter file {given} does not exist.")
            self.loadParams(given)
        else:
            self.settings = self._default_settings()
            self.enabledImagetypes = {"Original": {}}
            self.enabledFeatures = {name: [] for name in FEATURE_CLASSES if name != "shape2D"}
        self.settings.update(kwargs)

    @staticmethod
    def _default_settings():
        return {
            "minimumROIDimensions": 2,
            "minimumROISize": None,
            "normalize": False,
            "normalizeScale": 1,
            "removeOutliers": None,
            "resampledPixelSpacing": None,
            "interpolator": "sitkBSpline",
            "preCrop": False,
            "padDistance": 5,
            "distances": [1],
            "force2D": False,
            "force2Ddimension": 0,
            "resegmentRange": None,
            "label": 1,
            "additionalInfo": True,
        }

    # Parameters

    def loadParams(self, paramsFile):
        """Takes over a parameter file."""
        self._apply(_parameters.read(paramsFile))

    def loadJSONParams(self, JSON_configuration):
        """Takes over a parameter file's content as JSON."""
        self._apply(json.loads(JSON_configuration))

    def _apply(self, params):
        unknown = set(params) - {"imageType", "featureClass", "setting", "voxelSetting"}
        if unknown:
            raise ValueError(f"unknown section {sorted(unknown)[0]!r}: imageType, featureClass, setting, voxelSetting")
        self.enabledImagetypes = {name: dict(own or {}) for name, own in (params.get("imageType") or {}).items()}
        self.enabledImagetypes = self.enabledImagetypes or {"Original": {}}
        self.enabledFeatures = dict(params.get("featureClass") or {}) or {name: [] for name in FEATURE_CLASSES}
        self.settings = self._default_settings()
        self.settings.update(params.get("setting") or {})
        self.settings.update(params.get("voxelSetting") or {})

    def addProvenance(self, provenance_on=True):
        """Whether the result begins with `diagnostics_…`."""
        self.settings["additionalInfo"] = provenance_on

    # Image types

    def enableAllImageTypes(self):
        for name in IMAGE_TYPES:
            self.enabledImagetypes[name] = {}

    def disableAllImageTypes(self):
        self.enabledImagetypes = {}

    def enableImageTypeByName(self, imageType, enabled=True, customArgs=None):
        if imageType not in IMAGE_TYPES:
            logger.warning("Image type %s is not recognized", imageType)
        elif enabled:
            self.enabledImagetypes[imageType] = customArgs or {}
        else:
            self.enabledImagetypes.pop(imageType, None)

    def enableImageTypes(self, **enabledImagetypes):
        self.enabledImagetypes.update(enabledImagetypes)

    # Features

    def enableAllFeatures(self):
        for name in self.featureClassNames:
            self.enabledFeatures[name] = []

    def disableAllFeatures(self):
        self.enabledFeatures = {}

    def enableFeatureClassByName(self, featureClass, enabled=True):
        if featureClass not in self.featureClassNames:
            logger.warning("Feature class %s is not recognized", featureClass)
        elif enabled:
            self.enabledFeatures[featureClass] = []
        else:
            self.enabledFeatures.pop(featureClass, None)

    def enableFeaturesByName(self, **enabledFeatures):
        self.enabledFeatures.update(enabledFeatures)

    # Extraction

    def execute(self, imageFilepath, maskFilepath, label=None, label_channel=None, voxelBased=False):
        """Computes the signature of a region.

        Args:
            imageFilepath, maskFilepath: paths or SimpleITK images.
            label: the region's label, the setting `label` where None.
            label_channel: of a mask with several values per voxel, the setting `label_channel` where None.
            voxelBased: True gives a SimpleITK image per feature.

        Returns:
            OrderedDict: diagnostics (unless `additionalInfo` is False), then the features. With numpy a feature is an
            array without dimensions, or a numpy.float64, exactly where it is so in PyRadiomics; without it a float.

        Raises:
            RadiomicsdError: a ValueError with the program's code.
        """
        settings = dict(self.settings)
        if label is not None:
            settings["label"] = label
        label = settings.get("label", 1)
        if label_channel is not None:
            settings["label_channel"] = label_channel
        result = collections.OrderedDict()
        if not self.enabledImagetypes or not self.enabledFeatures:
            # PyRadiomics computes no feature then; an empty section in a parameter file would mean all of them.
            logger.warning("no image type or no feature class is enabled: nothing is computed")
            return result
        # The call says the label and whether diagnostics are wanted.
        own = {name: value for name, value in settings.items() if name not in ("label", "additionalInfo")}
        parameters = _parameters.document(own, self.enabledImagetypes, self.enabledFeatures)
        with Files() as files:
            arguments = ["extract", "--image", files.path(imageFilepath, "image")]
            arguments += ["--mask", files.path(maskFilepath, "mask"), *options(parameters, files, label=label)]
            if voxelBased:
                return self._maps(arguments, files)
            document = json.loads(run(*arguments, "--format", "json", "--json"))
        if settings.get("additionalInfo", False):
            result.update(self._diagnostics(document["diagnostics"], settings))
        for name, value in numbers(document).items():
            result[name] = _feature(name, value)
        return result

    def _maps(self, arguments, files):
        import SimpleITK

        folder = files.folder / "maps"
        run(*arguments, "--voxel", "--output", str(folder), "--json")
        listed = json.loads((folder / "features.json").read_text(encoding="utf-8"))["maps"]
        return collections.OrderedDict((name, SimpleITK.ReadImage(str(folder / file))) for name, file in listed.items())

    def _diagnostics(self, computed, settings):
        result = collections.OrderedDict()
        prefix = "diagnostics_"
        result[prefix + "Versions_PyRadiomics"] = f"3.1.0 (radiomicsd {version()})"
        for label, module in (("Numpy", "numpy"), ("SimpleITK", "SimpleITK"), ("PyWavelet", "pywt")):
            result[f"{prefix}Versions_{label}"] = _module_version(module)
        result[prefix + "Versions_Python"] = "%i.%i.%i" % sys.version_info[:3]
        result[prefix + "Configuration_Settings"] = settings
        result[prefix + "Configuration_EnabledImageTypes"] = self.enabledImagetypes
        for name, value in computed.items():
            if name.startswith((prefix + "Versions_", prefix + "Configuration_")):
                continue
            result[name] = _diagnostic(name, value)
        return result


def _module_version(name):
    module = sys.modules.get(name)
    return str(getattr(module, "__version__", "loaded")) if module else "not used"


def _numpy():
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def _feature(name, value):
    numpy = _numpy()
    if numpy is None:
        return value
    parts = name.split("_")
    if parts[1] == "shape" and parts[2] in _PLAIN_SHAPE:
        return numpy.float64(value)
    return numpy.array(value)


def _diagnostic(name, value):
    numpy = _numpy()
    kind = name.rsplit("_", 1)[1]
    if isinstance(value, list):
        if kind in ("Size", "BoundingBox"):
            return tuple(int(item) for item in value)
        if kind == "CenterOfMassIndex" and numpy is not None:
            return tuple(numpy.float64(item) for item in value)
        return tuple(float(item) for item in value)
    if kind in ("VoxelNum", "VolumeNum"):
        return int(value)
    if kind in ("Mean", "Minimum", "Maximum") and numpy is not None:
        return numpy.float64(value)
    return value
