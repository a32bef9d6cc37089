/// Label maps of one file on one grid: several where its segments overlap.
public struct LabelLayers: Sendable {
  public var geometry: Geometry
  /// At least one.
  public var layers: [Volume]
  /// Named segments; none where the file has only labels.
  public var segments: [LabelSegment]

  public init(_ volume: Volume) {
    geometry = volume.geometry
    layers = [volume]
    segments = []
  }

  init(layers: [Volume], segments: [LabelSegment]) {
    geometry = layers[0].geometry
    self.layers = layers
    self.segments = segments
  }
}

/// A name for a label of a layer.
public struct LabelSegment: Sendable, Equatable {
  public var name: String
  public var label: Int
  /// Index of the layer, from 0.
  public var layer: Int

  public init(name: String, label: Int, layer: Int) {
    self.name = name
    self.label = label
    self.layer = layer
  }
}
