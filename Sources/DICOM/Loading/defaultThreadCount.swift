import Parallel

/// Number of threads for a caller that names none: one per processor.
package var defaultThreadCount: Int { Parallel.defaultThreadCount }
