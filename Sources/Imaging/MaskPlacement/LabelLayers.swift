/// Label maps of one file on one grid: several where its segments overlap.
package struct LabelLayers: Sendable {
  package var geometry: Geometry
  /// At least one.
  package var layers: [Volume]
  /// Named segments; none where the file has only labels.
  package var segments: [LabelSegment]

  package init(_ volume: Volume) {
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
package struct LabelSegment: Sendable, Equatable {
  package var name: String
  package var label: Int
  /// Index of the layer, from 0.
  package var layer: Int

  package init(name: String, label: Int, layer: Int) {
    self.name = name
    self.label = label
    self.layer = layer
  }
}
