#!/usr/bin/env python3
"""Where the segments of 3D Slicer's files of before 2020 lie, by pynrrd: voxels and centroid in LPS (mm).

    pip install pynrrd; slicer_segments.py FILE.seg.nrrd...

Such a file has four axes of space without a name (3D Slicer's own RAS), one volume a segment, and its origin is that of
index 0 of a common grid, of which Segmentation_Extent names the part that the file holds.
"""
import sys

import nrrd
import numpy as np

for path in sys.argv[1:]:
    data, header = nrrd.read(path)
    start = np.array([int(x) for x in header["Segmentation_Extent"].split()])[::2]
    axes = np.array(header["space directions"])[:3, :3].T
    origin = np.array(header["space origin"])[:3]
    for segment in range(data.shape[3]):
        voxels = np.argwhere(data[..., segment] != 0)
        ras = origin + axes @ (voxels.mean(axis=0) + start)
        lps = ras * [-1, -1, 1]
        print(path, header[f"Segment{segment}_Name"], len(voxels), [round(float(x), 4) for x in lps])
