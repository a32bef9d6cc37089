/// An RT structure set (RTSTRUCT): regions as contours in patient coordinates (PS3.3 A.19).
public struct StructureSet: Sendable {
  /// One closed line in a plane.
  public struct Contour: Sendable, Equatable {
    /// (3006,0050): mm, LPS. At least three.
    public var points: [SIMD3<Double>]

    public init(points: [SIMD3<Double>]) { self.points = points }
  }

  /// One ROI.
  public struct Region: Sendable {
    /// (3006,0022): how the region is addressed.
    public var number: Int
    /// (3006,0026)
    public var name: DisplayText
    /// (3006,0024), empty where absent.
    public var frameOfReferenceUID: String
    /// CLOSED_PLANAR and CLOSEDPLANAR_XOR contours.
    public var contours: [Contour]
    /// Contours of other kinds (POINT, OPEN_PLANAR, ...), which enclose nothing.
    public var openContours: Int
    /// (0008,1155) of the images that the contours say they were drawn on.
    public var images: Set<String>

    public init(
      number: Int, name: DisplayText, frameOfReferenceUID: String = "", contours: [Contour], openContours: Int = 0,
      images: Set<String> = []
    ) {
      self.number = number
      self.name = name
      self.frameOfReferenceUID = frameOfReferenceUID
      self.contours = contours
      self.openContours = openContours
      self.images = images
    }
  }

  public var file: StudyFile
  public var references: MaskReferences
  /// By ROI number.
  public var regions: [Region]
}
