import Imaging

/// An image that a contour or a frame of a mask references as its source (Image SOP Instance Reference, PS3.3 table
/// 10-3).
package struct ImageReference: Hashable, Sendable {
  /// Referenced SOP Instance UID (0008,1155).
  package var instance: String
  /// Referenced Frame Number (0008,1160), from 1; empty means every frame, or an image of one frame.
  package var frames: [Int]

  package init(instance: String, frames: [Int] = []) {
    self.instance = instance
    self.frames = frames
  }
}

/// The slices of a stack by their image, so that the references of a mask can be compared with the positions of its
/// coordinates.
package struct ImagePositions: Sendable {
  private struct Key: Hashable {
    let instance: String
    let frame: Int
  }

  /// Slices by SOP instance, and by SOP instance and frame. Several where images share a UID.
  private var byInstance: [String: [Int]] = [:]
  private var byFrame: [Key: [Int]] = [:]

  /// - Parameter slices: in order along the normal, as `SliceStack.slices`.
  package init(_ slices: [ImageHeader]) {
    for (index, slice) in slices.enumerated() {
      byInstance[slice.sopInstanceUID, default: []].append(index)
      if let frame = slice.frame {
        byFrame[Key(instance: slice.sopInstanceUID, frame: frame + 1), default: []].append(index)
      }
      // A converted frame is also known by the image that it was made from.
      if !slice.sourceInstanceUID.isEmpty, slice.sourceInstanceUID != slice.sopInstanceUID {
        byInstance[slice.sourceInstanceUID, default: []].append(index)
      }
    }
  }

  /// The slices that a reference means, ascending; empty where the image is not in this stack.
  package func slices(_ reference: ImageReference) -> [Int] {
    let all = byInstance[reference.instance] ?? []
    // Frame 1 of an image that is a file of its own is the image.
    let named = reference.frames.flatMap { byFrame[Key(instance: reference.instance, frame: $0)] ?? [] }
    return named.isEmpty ? all : Set(named).sorted()
  }

  /// Distance of a height along the normal from the nearest slice of a reference, in slices; nil where the image is
  /// not in this stack, so that nothing can be compared.
  ///
  /// - Parameter height: continuous slice index: 0 is the centre of the first slice.
  package func distance(from height: Double, to reference: ImageReference) -> Double? {
    slices(reference).map { abs(height - Double($0)) }.min()
  }

  /// The same for several references of one contour or frame: the nearest, because it may have been drawn on any.
  package func distance(from height: Double, to references: some Sequence<ImageReference>) -> Double? {
    references.compactMap { distance(from: height, to: $0) }.min()
  }
}

extension DatasetItem {
  /// An item of an image reference sequence; nil where it names no instance.
  package var imageReference: ImageReference? {
    uid(0x0008_1155).map { ImageReference(instance: $0, frames: integers(0x0008_1160)) }
  }
}
