import Parallel

/// Number of threads a caller that names none gets: one a processor.
public var defaultThreadCount: Int { Parallel.defaultThreadCount }
