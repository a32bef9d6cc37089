"""DICOM files, explicit VR little endian: read flat, changed, written; and the structure sets and segmentations that go
with a phantom's series. No library is needed."""

import struct

LONG = {b"OB", b"OW", b"SQ", b"UN", b"UT", b"OF"}
SYNTAX = "1.2.840.10008.1.2.1"


class Slice:
    """One image of a phantom: its elements in order, by (group, element)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        self.head = data[:132]
        self.elements = {}
        at = 132
        while at < len(data):
            tag = struct.unpack("<HH", data[at:at + 4])
            kind = data[at + 4:at + 6]
            start = at + (12 if kind in LONG else 8)
            size = struct.unpack("<I", data[at + 8:at + 12])[0] if kind in LONG else struct.unpack(
                "<H", data[at + 6:at + 8])[0]
            self.elements[tag] = (kind, data[start:start + size])
            at = start + size

    def text(self, group, element):
        return self.elements[(group, element)][1].rstrip(b" \0").decode("ascii")

    def numbers(self, group, element):
        return [float(part) for part in self.text(group, element).split("\\")]

    def word(self, group, element):
        return struct.unpack("<H", self.elements[(group, element)][1])[0]

    def put(self, group, element, text):
        """Another value, of the same representation."""
        kind, _ = self.elements[(group, element)]
        self.elements[(group, element)] = (kind, padded(kind, text.encode("ascii")))

    def write(self, path):
        with open(path, "wb") as file:
            file.write(self.head)
            for (group, element), (kind, value) in self.elements.items():
                file.write(encoded(group, element, kind, value))


def padded(kind, value):
    return value + (b"\0" if kind in (b"UI", b"OB") else b" ") if len(value) % 2 else value


def encoded(group, element, kind, value):
    value = padded(kind, value)
    size = struct.pack("<HI", 0, len(value)) if kind in LONG else struct.pack("<H", len(value))
    return struct.pack("<HH", group, element) + kind + size + value


def text(group, element, kind, value):
    return encoded(group, element, kind.encode(), str(value).encode("utf-8"))


def words(group, element, *values):
    return encoded(group, element, b"US", struct.pack(f"<{len(values)}H", *values))


def sequence(group, element, items):
    body = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item for item in items)
    return encoded(group, element, b"SQ", body)


def write_object(path, dataset):
    syntax = text(0x0002, 0x0010, "UI", SYNTAX)
    length = encoded(0x0002, 0x0000, b"UL", struct.pack("<I", len(syntax)))
    with open(path, "wb") as file:
        file.write(bytes(128) + b"DICM" + length + syntax + dataset)


def write_structure_set(path, slices, regions):
    """`regions`: name and contours; a contour is a list of points (x, y, z) in mm, LPS."""
    first = slices[0]
    frame, study, series = first.text(0x20, 0x52), first.text(0x20, 0xD), first.text(0x20, 0xE)
    images = [text(0x08, 0x1155, "UI", one.text(0x08, 0x18)) for one in slices]
    in_series = text(0x20, 0xE, "UI", series) + sequence(0x3006, 0x16, images)
    in_study = text(0x08, 0x1155, "UI", study) + sequence(0x3006, 0x14, [in_series])
    in_frame = text(0x20, 0x52, "UI", frame) + sequence(0x3006, 0x12, [in_study])
    names, drawn = [], []
    for number, (name, contours) in enumerate(regions, 1):
        names.append(text(0x3006, 0x22, "IS", number) + text(0x3006, 0x24, "UI", frame)
                     + text(0x3006, 0x26, "LO", name))
        drawn.append(sequence(0x3006, 0x40, [
            text(0x3006, 0x42, "CS", "CLOSED_PLANAR") + text(0x3006, 0x46, "IS", len(points))
            + text(0x3006, 0x50, "DS", "\\".join(f"{value:.6g}" for point in points for value in point))
            for points in contours]) + text(0x3006, 0x84, "IS", number))
    write_object(path, b"".join([
        text(0x08, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.481.3"), text(0x08, 0x18, "UI", f"{series}.1"),
        text(0x08, 0x60, "CS", "RTSTRUCT"), text(0x10, 0x20, "LO", first.text(0x10, 0x20)),
        text(0x20, 0xD, "UI", study), text(0x20, 0xE, "UI", f"{series}.2"), sequence(0x3006, 0x10, [in_frame]),
        sequence(0x3006, 0x20, names), sequence(0x3006, 0x39, drawn)]))


def write_segmentation(path, slices, mask):
    """A binary segmentation of one segment; `mask` has one byte a voxel, x fastest, slices in order."""
    first = slices[0]
    rows, columns = first.word(0x28, 0x10), first.word(0x28, 0x11)
    series, frame = first.text(0x20, 0xE), first.text(0x20, 0x52)
    area = rows * columns
    used = [z for z in range(len(slices)) if any(mask[z * area:(z + 1) * area])]
    bits = b"".join(mask[z * area:(z + 1) * area] for z in used)
    packed = bytearray((len(bits) + 7) // 8)
    for index, value in enumerate(bits):
        if value:
            packed[index // 8] |= 1 << index % 8
    instances = [text(0x08, 0x1155, "UI", one.text(0x08, 0x18)) for one in slices]
    code = sequence(0x62, 0x0F, [text(0x08, 0x100, "SH", "86049000") + text(0x08, 0x102, "SH", "SCT")])
    shared = (sequence(0x20, 0x9116, [text(0x20, 0x37, "DS", first.text(0x20, 0x37))])
              + sequence(0x28, 0x9110, [text(0x28, 0x30, "DS", first.text(0x28, 0x30))]))
    places = [sequence(0x20, 0x9113, [text(0x20, 0x32, "DS", slices[z].text(0x20, 0x32))])
              + sequence(0x62, 0x0A, [words(0x62, 0x0B, 1)]) for z in used]
    write_object(path, b"".join([
        text(0x08, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.66.4"), text(0x08, 0x18, "UI", f"{series}.3"),
        text(0x08, 0x60, "CS", "SEG"), sequence(0x08, 0x1115, [sequence(0x08, 0x114A, instances)
                                                               + text(0x20, 0xE, "UI", series)]),
        text(0x10, 0x20, "LO", first.text(0x10, 0x20)), text(0x20, 0xD, "UI", first.text(0x20, 0xD)),
        text(0x20, 0xE, "UI", f"{series}.4"), text(0x20, 0x52, "UI", frame), words(0x28, 0x02, 1),
        text(0x28, 0x04, "CS", "MONOCHROME2"), text(0x28, 0x08, "IS", len(used)), words(0x28, 0x10, rows),
        words(0x28, 0x11, columns), words(0x28, 0x100, 1), words(0x28, 0x101, 1), words(0x28, 0x102, 0),
        words(0x28, 0x103, 0), text(0x62, 0x01, "CS", "BINARY"),
        sequence(0x62, 0x02, [words(0x62, 0x04, 1) + text(0x62, 0x05, "LO", "tumour") + code]),
        sequence(0x5200, 0x9229, [shared]), sequence(0x5200, 0x9230, places),
        encoded(0x7FE0, 0x10, b"OB", bytes(packed))]))
