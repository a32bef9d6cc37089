/// The column of a table that names a case.
package enum CaseColumn {
  /// In the order in which they are searched.
  package static let names = [
    "study", "Study", "case", "Case", "id", "ID", "patient", "Patient", "PatientID", "patient_id", "Image",
  ]

  /// The index of the column: one of the names exactly, otherwise the only column that differs from one in
  /// case, blanks and points; nil where there is none.
  package static func index(in columns: [String]) -> Int? {
    if let exact = names.lazy.compactMap({ columns.firstIndex(of: $0) }).first { return exact }
    let keys = columns.map(FeatureName.key)
    return names.lazy.compactMap { name -> Int? in
      let key = FeatureName.key(name)
      let found = keys.indices.filter { keys[$0] == key }
      return found.count == 1 ? found[0] : nil
    }.first
  }
}
