import Testing

/// Tests that run a whole daemon: one after the other, for they measure time and the machine has other things to do.
@Suite(.serialized) enum WholeDaemon {}
