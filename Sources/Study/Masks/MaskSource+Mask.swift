internal import DICOM
internal import DICOMMasks
internal import Errors
internal import Imaging

/// A region of interest on a series' grid.
struct ExtractedRegion: Sendable {
  var mask: Mask
  /// As the file names it; empty where it has no names.
  var name: String
  var notes: [Note]
}

extension MaskSource {
  /// The wanted region on a series' grid.
  ///
  /// - Throws: `E_NEEDS_ROI`, `E_NEEDS_LABEL`, `E_FRAME_OF_REFERENCE`, `E_MASK_EMPTY`, and what is wrong with the mask.
  func extract(_ request: RegionRequest, on stack: SliceStack) throws -> ExtractedRegion {
    do {
      try requireKind(of: request)
      let extracted =
        switch content {
        case .labelMap(_, let segments): try label(request, segments, stack)
        case .structureSet(let set): try region(request, set, stack)
        case .segmentation(let segmentation): try segment(request, segmentation, stack)
        }
      guard extracted.mask.voxels.contains(1) else {
        throw StudyError(
          .maskEmpty, "the region\(extracted.name.isEmpty ? "" : " " + extracted.name) holds no voxel's centre",
          hint: "check that the segmentation was saved")
      }
      return extracted
    } catch let error as StudyError {
      throw error.naming(file)
    }
  }

  private func region(_ request: RegionRequest, _ set: StructureSet, _ stack: SliceStack) throws -> ExtractedRegion {
    let chosen = try RegionSelection(regions: regions ?? [], file: file.display).choose(request)
    guard let region = set.regions.first(where: { $0.number == chosen.region.number }) else {
      throw StudyError(.internalFault, "a region that was chosen is not there")
    }
    let frame = stack.slices[0].frameOfReferenceUID
    guard region.frameOfReferenceUID.isEmpty || frame.isEmpty || region.frameOfReferenceUID == frame else {
      throw StudyError(
        .frameOfReference, "\(chosen.region.listing) has another frame of reference than the series",
        file: file.display, hint: "use the structure set that was drawn on this series",
        details: ["mask": region.frameOfReferenceUID, "series": frame])
    }
    let drawn = try set.mask(of: region, on: stack.geometry, images: ImagePositions(stack.slices))
    var notes = chosen.notes + drawn.notes
    let missing = region.images.subtracting(stack.slices.map(\.sopInstanceUID))
      .subtracting(stack.slices.map(\.sourceInstanceUID)).subtracting(
        set.references.images(besides: stack.slices[0].seriesUID))
    if !missing.isEmpty {
      notes.append(
        Note(
          code: "REFERENCED_IMAGES_MISSING",
          message: "\(missing.count) of \(region.images.count) images that the contours refer to are not in the series")
      )
    }
    return ExtractedRegion(mask: drawn.mask, name: region.name.text, notes: notes)
  }

  private func segment(
    _ request: RegionRequest, _ segmentation: Segmentation, _ stack: SliceStack
  ) throws -> ExtractedRegion {
    let chosen = try RegionSelection(regions: regions ?? [], file: file.display).choose(request)
    guard let segment = segmentation.segments.first(where: { $0.number == chosen.region.number }) else {
      throw StudyError(.internalFault, "a segment that was chosen is not there")
    }
    let read = try segmentation.mask(of: segment, on: stack)
    return ExtractedRegion(mask: read.mask, name: segment.label.text, notes: chosen.notes + read.notes)
  }

  private func label(
    _ request: RegionRequest, _ segments: [LabelSegment], _ stack: SliceStack
  ) throws -> ExtractedRegion {
    let labels = try readLabels()
    var choice = request.labelChoice
    var layer = labels.layers[0]
    var name = ""
    var notes: [Note] = []
    if !segments.isEmpty, !request.isLabelOnly || labels.layers.count > 1 {
      let regions = segments.regions
      let chosen = try RegionSelection(regions: regions, file: file.display).choose(request.numbered(segments))
      guard let index = regions.firstIndex(of: chosen.region), labels.layers.indices.contains(segments[index].layer)
      else {
        throw StudyError(
          .nrrdHeader, "segment '\(chosen.region.name)' is in a layer that the file has not", hint: "export it again")
      }
      choice = .label(segments[index].label)
      layer = labels.layers[segments[index].layer]
      name = segments[index].name
      notes = chosen.notes
    }
    let (grid, note) = stack.grid(for: layer.geometry)
    var placed = try placeMask(labelVolume: layer, choice: choice, on: grid, file: file.display)
    placed.mask.geometry = stack.geometry
    return ExtractedRegion(mask: placed.mask, name: name, notes: notes + placed.notes + (note.map { [$0] } ?? []))
  }

  /// The label maps of the file.
  func readLabels() throws -> LabelLayers {
    try file.withReadablePath { path in
      switch format {
      case .nrrd: try NRRDReader.readLabels(path)
      case .metaImage: LabelLayers(try MetaImageReader.read(path, asLabels: true))
      default: LabelLayers(try NIfTIReader.readLabels(path))
      }
    }
  }
}

extension RegionRequest {
  /// Only a label, or the union of labels, is wanted: names of segments do not matter.
  var isLabelOnly: Bool {
    askedLabel != nil || name == nil && number == nil && names.isEmpty && (label != nil || union)
  }

  /// With the asked label as the number by which `[LabelSegment].regions` has it: labels repeat in layers.
  fileprivate func numbered(_ segments: [LabelSegment]) -> RegionRequest {
    guard let askedLabel else { return self }
    let places = segments.indices.filter { segments[$0].label == askedLabel }
    var request = self
    request.number = places.count == 1 ? segments.regions[places[0]].number : -1
    return request
  }

  /// For label maps without names.
  var labelChoice: LabelChoice {
    if let asked = askedLabel ?? number { return .label(asked) }
    // `#2` or `2` is a label here; any other name says nothing about numbers.
    if let name, let label = RegionName.number(name) { return .label(label) }
    if let label { return .label(label) }
    return union ? .union : .single
  }
}
