/// What is counted, and what it failed with. One thread.
nonisolated(unsafe) var pending: () throws -> Void = {}
nonisolated(unsafe) var failure: (any Error)?

/// The function whose instructions are counted, by this name.
@_silgen_name("guard_workload") @inline(never)
func guardWorkload() {
  do { try pending() } catch { failure = error }
}
