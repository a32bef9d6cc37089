"""Counts the voxels of each segment of DICOM segmentations with pydicom, independently of radiomicsd.

    python3 -m venv venv && venv/bin/pip install pydicom numpy
    venv/bin/python Tests/Oracles/segmentation_voxels.py FILE...

Prints one line of JSON a file: {"file": ..., "voxels": {"segment": count}}. Fractional segments are cut at half of the
maximum, label maps counted by value. `SharedMaskTests.counts` holds what it prints.
"""

import json
import sys

import numpy
import pydicom


def count(path):
    dataset = pydicom.dcmread(path)
    frames = dataset.pixel_array
    if frames.ndim == 2:
        frames = frames[numpy.newaxis]
    voxels = {}
    if dataset.SegmentationType == "LABELMAP":
        for segment in dataset.SegmentSequence:
            if segment.SegmentNumber != 0:
                voxels[int(segment.SegmentNumber)] = int((frames == segment.SegmentNumber).sum())
        return voxels
    shared = dataset.SharedFunctionalGroupsSequence[0]
    for frame, groups in zip(frames, dataset.PerFrameFunctionalGroupsSequence):
        source = groups if "SegmentIdentificationSequence" in groups else shared
        number = int(source.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
        if dataset.SegmentationType == "FRACTIONAL":
            inside = 2 * frame.astype(int) >= int(dataset.MaximumFractionalValue)
        else:
            inside = frame != 0
        voxels[number] = voxels.get(number, 0) + int(inside.sum())
    return voxels


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(json.dumps({"file": path, "voxels": count(path)}))
