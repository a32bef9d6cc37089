public import DICOM

/// An RT structure set (RTSTRUCT): regions as contours in patient coordinates (PS3.3 A.19).
public struct StructureSet: Sendable {
  /// One closed line in a plane.
  public struct Contour: Sendable, Equatable {
    /// (3006,0050): mm, LPS. At least three points, except in `Region.crumbs`.
    public var points: [SIMD3<Double>]
    /// (3006,0042) is CLOSEDPLANAR_XOR: its slice contains the voxels that an odd number of contours enclose.
    public var isXOR: Bool
    /// (3006,0016): the images that it references as its source.
    public var images: [ImageReference]

    public init(points: [SIMD3<Double>], isXOR: Bool = false, images: [ImageReference] = []) {
      self.points = points
      self.isXOR = isXOR
      self.images = images
    }
  }

  /// One ROI.
  public struct Region: Sendable {
    /// (3006,0022): the number that identifies the region.
    public var number: Int
    /// (3006,0026)
    public var name: DisplayText
    /// (3006,0024), empty where absent.
    public var frameOfReferenceUID: String
    /// CLOSED_PLANAR and CLOSEDPLANAR_XOR contours.
    public var contours: [Contour]
    /// Closed contours of one or two points. They enclose nothing, but where contours run through the centres of
    /// voxels they are one voxel, or a line of voxels.
    public var crumbs: [Contour]
    /// Contours that are open (POINT, OPEN_PLANAR, OPEN_NONPLANAR), which enclose nothing, and `crumbs`.
    public var openContours: Int
    /// (0008,1155) of the images that the contours reference.
    public var images: Set<String>

    public init(
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

  public var file: StudyFile
  public var references: MaskReferences
  /// By ROI number.
  public var regions: [Region]

  public init(file: StudyFile, references: MaskReferences, regions: [Region]) {
    self.file = file
    self.references = references
    self.regions = regions
  }
}
