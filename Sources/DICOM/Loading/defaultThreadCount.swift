import Parallel

/// Number of threads for a caller that names none: one per processor.
public var defaultThreadCount: Int { Parallel.defaultThreadCount }
