/// Memory that several threads fill at the same time, each at places of its own: no place has two writers.
///
/// It is valid as long as the buffer it was made of. That no two threads use the same place is up to the caller, as a rule
/// by giving each index of `Parallel.forEach` its own.
package struct DisjointPlaces<Element>: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Element>

  package init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }

  package subscript(index: Int) -> Element {
    get { buffer[index] }
    nonmutating set { buffer[index] = newValue }
  }

  /// Neighbouring places, for one thread.
  package subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(rebasing: buffer[range])
  }
}
