import Testing

/// Tests that run a whole daemon are slow because they wait. Three groups go side by side, each one test after the other:
/// more at a time would measure how busy the machine is.
@Suite(.serialized) enum WholeDaemon {}

/// Outcomes of a study when the daemon dies, its user is asked, or its result exists already.
@Suite(.serialized) enum DaemonRecovery {}

/// The program as a process.
@Suite(.serialized) enum DaemonProgram {}
