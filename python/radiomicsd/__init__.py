"""PyRadiomics-compatible features, computed by the radiomicsd program. Research use only. Not for diagnosis.

    import radiomicsd

    features = radiomicsd.extract("image.nii.gz", "mask.nii.gz")                  # {name: number}
    table = radiomicsd.extract_cases([("a.nii.gz", "a-mask.nii.gz"), ...])        # one row per case

    from radiomicsd import featureextractor                                       # as in `from radiomics import …`
    extractor = featureextractor.RadiomicsFeatureExtractor("params.yaml")
    result = extractor.execute("image.nii.gz", "mask.nii.gz")                     # OrderedDict, PyRadiomics' keys

Images and masks are paths (NIfTI, NRRD, MetaImage) or SimpleITK images. numpy, pandas and SimpleITK are used where they
are installed and needed; nothing else than PyYAML is required.
"""

from . import featureextractor
from ._extract import extract, extract_cases
from ._program import RadiomicsdError, program, version
from .featureextractor import RadiomicsFeatureExtractor

__version__ = "0.1.0"
__all__ = [
    "RadiomicsFeatureExtractor",
    "RadiomicsdError",
    "extract",
    "extract_cases",
    "featureextractor",
    "program",
    "version",
]
