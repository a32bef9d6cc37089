internal import Errors
internal import Glibc
internal import Imaging
internal import Radiomics
internal import Study

/// The outcome of one case of a batch.
struct BatchRow: Sendable, Codable, Equatable {
  struct Column: Sendable, Codable, Equatable {
    let name: String
    let value: Double
  }

  /// A folder of maps by voxel.
  struct Maps: Sendable, Codable, Equatable {
    /// Its name within the batch's folder, determined only by the case's position.
    let folder: String
    let count: Int
    let voxels: Int
  }

  /// Position of the case in the table, from 0.
  let index: Int
  /// Sizes and times of the files, to detect changes.
  let fingerprint: String
  /// Empty where the case failed.
  var columns: [Column] = []
  /// nil where the case failed, or features were requested.
  var maps: Maps?
  /// `E_…`, nil where the case succeeded.
  var code: String?
  var message: String?

  var succeeded: Bool { code == nil }

  /// Computes a case; its errors become part of its row.
  ///
  /// - Parameter folder: where maps go; nil computes features.
  init(
    computing place: Int, of item: BatchTable.Case, profile: ExtractionProfile, threads: Int, memoryLimit: Int?,
    mapsInto folder: String?
  ) {
    index = place
    fingerprint = Self.fingerprint(item)
    do {
      let input = try ExtractionInput(
        image: item.image, mask: item.mask, label: try item.labelNumber(), channel: try item.channelNumber(),
        profile: profile)
      let extractor = Extractor(profile: input.profile, threads: threads, memoryLimit: memoryLimit)
      if let folder {
        let name = Self.mapFolder(place)
        let maps = try VoxelMapFolder(path: folder + "/" + name).write(input, extractor: extractor)
        self.maps = Maps(folder: name, count: maps.names.count, voxels: maps.voxels)
        return
      }
      let extraction = try extractor.extract(
        image: try input.image, mask: input.mask, uncorrected: input.uncorrected)
      columns = extraction.columns(of: input.profile).map { Column(name: $0.name, value: $0.value) }
    } catch let error as StudyError {
      code = error.code.name
      message = error.description
    } catch {
      code = ErrorCode.internalFault.name
      message = "\(error)"
    }
  }

  /// `case-0001` for the table's first case.
  static func mapFolder(_ place: Int) -> String {
    let number = String(place + 1)
    return "case-" + String(repeating: "0", count: max(0, 4 - number.count)) + number
  }

  static func fingerprint(_ item: BatchTable.Case) -> String {
    FileStamp.text(item.image) + " " + FileStamp.text(item.mask)
  }
}

/// Size and time of last change of a file.
enum FileStamp {
  static func text(_ path: String) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { return "-" }
    return "\(status.st_size)/\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
