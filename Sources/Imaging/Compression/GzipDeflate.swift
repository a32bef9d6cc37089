import CDeflate
import Errors
import Glibc
import Parallel
import Synchronization

/// Parallel gzip whose bytes do not depend on the number of threads: the data is cut into pieces of fixed size, each
/// becomes a gzip member of its own (RFC 1952 §2.2 allows several), and the members follow each other in order.
///
/// No time, name or host is stored, so the same data gives the same bytes on every run.
enum GzipDeflate {
  /// Bytes of input in one member. Larger pieces gain less than 0.1 % of size; smaller ones cost more.
  static let pieceSize = 1 << 20
  /// libdeflate's level, a trade of speed for size: see `docs/nifti.md`.
  static let level: CInt = 1
  /// Members compressed between two writes, for each thread: bounds the memory held.
  private static let batchPerThread = 8

  /// Returns one member's input: the bytes, in storage of the caller or in the scratch buffer that it received.
  typealias Piece =
    @Sendable (_ range: Range<Int>, _ scratch: UnsafeMutableRawBufferPointer) throws -> UnsafeRawBufferPointer

  /// Compresses `count` bytes that `piece` supplies and hands the members to `sink` in order.
  ///
  /// - Parameter threads: number of concurrent workers, at least 1.
  static func compress(
    count: Int, threads: Int, piece: Piece, sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let pieces = max(1, (count + pieceSize - 1) / pieceSize)
    let workers = max(1, min(threads, pieces))
    let batch = min(pieces, workers * batchPerThread)
    // A small file needs no buffer for a large piece.
    let largest = max(1, min(count, pieceSize))
    let room = libdeflate_gzip_compress_bound(nil, largest)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: batch * room, alignment: 64)
    defer { memory.deallocate() }
    let compressors = try (0..<workers).map { _ in try Compressor(scratch: largest) }
    // Each member has room of its own in the batch.
    let output = DisjointPlaces(memory.bindMemory(to: UInt8.self))

    for first in stride(from: 0, to: pieces, by: batch) {
      let begun = Atomic<Int>(0)
      let sizes = try Parallel.map(
        min(batch, pieces - first), threads: workers,
        worker: compressors[begun.wrappingAdd(1, ordering: .relaxed).oldValue]
      ) { compressor, slot in
        let start = (first + slot) * pieceSize
        let input = try piece(start..<min(start + pieceSize, count), compressor.scratch)
        return try compressor.compress(
          input, into: UnsafeMutableRawBufferPointer(output[slot * room..<(slot + 1) * room]))
      }
      for (slot, size) in sizes.enumerated() {
        try sink(UnsafeRawBufferPointer(start: memory.baseAddress! + slot * room, count: size))
      }
    }
  }

  /// One worker's libdeflate state and scratch. Each is used by one thread at a time.
  private final class Compressor: @unchecked Sendable {
    private let state: OpaquePointer
    let scratch: UnsafeMutableRawBufferPointer

    init(scratch bytes: Int) throws {
      guard let state = libdeflate_alloc_compressor(level) else {
        throw StudyError(.internalFault, "libdeflate gave no compressor: out of memory")
      }
      self.state = state
      scratch = .allocate(byteCount: bytes, alignment: 64)
    }

    deinit {
      libdeflate_free_compressor(state)
      scratch.deallocate()
    }

    func compress(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws -> Int {
      let size = libdeflate_gzip_compress(state, input.baseAddress, input.count, output.baseAddress, output.count)
      guard size > 0 else { throw StudyError(.internalFault, "libdeflate needed more room than it said") }
      return size
    }
  }
}
