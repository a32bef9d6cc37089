import Parallel

/// Number of threads a caller that names none gets: one a processor.
package var defaultThreadCount: Int { Parallel.defaultThreadCount }
