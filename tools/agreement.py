"""When two programs agree on a feature, and on how many they do."""

import math

# Features that may cancel to nearly zero are compared on their natural size on the same image instead of their value.
LOCATIONS = {"Mean", "Median", "Minimum", "Maximum", "10Percentile", "90Percentile"}
OF_SIZE_ONE = ("_firstorder_Skewness", "_glcm_Correlation", "_glcm_Imc1", "_glcm_Imc2", "_glcm_MCC")


def natural_size(name, reference):
    image, _, feature = name.partition("_firstorder_")
    if feature in LOCATIONS:
        return abs(reference.get(f"{image}_firstorder_Range", 0.0))
    if name.endswith(OF_SIZE_ONE):
        return 1.0
    if name.endswith("_glcm_ClusterShade"):
        return abs(reference.get(name.replace("ClusterShade", "ClusterProminence"), 0.0)) ** 0.75
    return 0.0


class Agreement:
    """Our features against a reference: |ours - reference| <= atol + rtol * max(|reference|, natural size)."""

    def __init__(self, ours, reference, rtol=1e-6, atol=1e-10):
        self.total = len(reference)
        self.agreed = 0
        self.largest = 0.0  # relative difference of those that agree
        self.missing = [name for name in reference if name not in ours]
        self.extra = [name for name in ours if name not in reference]
        self.apart = []  # (relative difference, name, ours, reference)
        for name, value in reference.items():
            if name not in ours:
                continue
            mine = ours[name]
            if math.isnan(mine) and math.isnan(value):
                self.agreed += 1
                continue
            size = max(abs(value), natural_size(name, reference))
            difference = abs(mine - value)
            relative = difference / size if size else (0.0 if difference <= atol else math.inf)
            if difference <= atol + rtol * size:
                self.agreed += 1
                if difference > atol:
                    self.largest = max(self.largest, relative)
            else:
                self.apart.append((relative, name, mine, value))
        self.apart.sort(key=lambda row: -row[0] if row[0] == row[0] else -math.inf)

    @property
    def whole(self):
        """Whether every feature is there and agrees."""
        return self.agreed == self.total and not self.missing

    def __str__(self):
        text = f"{self.agreed}/{self.total} features agree, largest relative difference {self.largest:.1e}"
        if self.missing or self.extra:
            text += f", {len(self.missing)} missing, {len(self.extra)} extra"
        return text


def numbers(document):
    """The features of a JSON document as `radiomicsd extract` prints it, or of a flat object; null is NaN."""
    features = document.get("features", document)
    return {
        name: math.nan if value is None else float(value)
        for name, value in features.items()
        if not name.startswith("diagnostics")
    }
