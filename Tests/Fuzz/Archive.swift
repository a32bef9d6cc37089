import Archive
import Glibc

/// An archive: its kind, its end, its names, and its files into a folder, within small limits.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let path = ScratchFile.write(UnsafeRawBufferPointer(start: start, count: count), as: "a.zip")
  let out = ScratchFile.folder + "/out"
  mkdir(out, 0o700)
  var limits = ArchiveLimits()
  limits.entries = 50
  limits.bytes = 4 << 20
  limits.ratioFloor = 1 << 20
  var use = ArchiveUse()
  let unpacked = try? unpackArchive(
    Array(path.utf8), file: "a.zip", into: out, limits: limits, use: &use, isWanted: { $0.first != 0x2E })
  // Every unpacked file is in the folder under a generated name, with the counted size, within the limits.
  for member in unpacked?.members ?? [] {
    var about = stat()
    precondition(lstat(out + "/" + member.stored, &about) == 0 && Int64(about.st_size) == member.bytes)
  }
  precondition(use.bytes <= limits.bytes && use.entries <= limits.entries + 1)
  for number in 1...51 { unlink(out + "/" + String(repeating: "0", count: number < 10 ? 5 : 4) + String(number)) }
  precondition(rmdir(out) == 0, "a file lies under another name")
  return 0
}
