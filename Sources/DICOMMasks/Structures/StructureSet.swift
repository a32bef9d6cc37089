package import DICOM

/// An RT structure set (RTSTRUCT): regions as contours in patient coordinates (PS3.3 A.19).
package struct StructureSet: Sendable {
  /// One closed line in a plane.
  package struct Contour: Sendable, Equatable {
    /// (3006,0050): mm, LPS. At least three points, except in `Region.crumbs`.
    package var points: [SIMD3<Double>]
    /// (3006,0042) is CLOSEDPLANAR_XOR: its slice contains the voxels that an odd number of contours enclose.
    package var isXOR: Bool
    /// (3006,0016): the images that it references as its source.
    package var images: [ImageReference]

    package init(points: [SIMD3<Double>], isXOR: Bool = false, images: [ImageReference] = []) {
      self.points = points
      self.isXOR = isXOR
      self.images = images
    }
  }

  /// One ROI.
  package struct Region: Sendable {
    /// (3006,0022): the number that identifies the region.
    package var number: Int
    /// (3006,0026)
    package var name: DisplayText
    /// (3006,0024), empty where absent.
    package var frameOfReferenceUID: String
    /// CLOSED_PLANAR and CLOSEDPLANAR_XOR contours.
    package var contours: [Contour]
    /// Closed contours of one or two points. They enclose nothing, but where contours run through the centres of
    /// voxels they are one voxel, or a line of voxels.
    package var crumbs: [Contour]
    /// Contours that are open (POINT, OPEN_PLANAR, OPEN_NONPLANAR), which enclose nothing, and `crumbs`.
    package var openContours: Int
    /// (0008,1155) of the images that the contours reference.
    package var images: Set<String>

    package init(
      number: Int, name: DisplayText, frameOfReferenceUID: String = "", contours: [Contour], crumbs: [Contour] = [],
      openContours: Int = 0, images: Set<String> = []
    ) {
      self.number = number
      self.name = name
      self.frameOfReferenceUID = frameOfReferenceUID
      self.contours = contours
      self.crumbs = crumbs
      self.openContours = openContours
      self.images = images
    }
  }

  package var file: StudyFile
  package var references: MaskReferences
  /// By ROI number.
  package var regions: [Region]

  package init(file: StudyFile, references: MaskReferences, regions: [Region]) {
    self.file = file
    self.references = references
    self.regions = regions
  }
}
