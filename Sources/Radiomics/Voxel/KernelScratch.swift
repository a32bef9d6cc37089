/// Memory in which a kernel's features are computed repeatedly without allocation. It belongs to one thread.
final class KernelScratch<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, _ value: Element) {
    self.count = max(count, 1)
    base = .allocate(capacity: self.count)
    base.initialize(repeating: value, count: self.count)
  }

  deinit { base.deallocate() }
}
