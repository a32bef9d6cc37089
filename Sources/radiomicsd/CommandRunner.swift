import ArgumentParser
import Documents
import Errors
import Glibc

/// Runs a command and turns its errors into one line (or, with `--json`, one object) and a documented exit code.
enum CommandRunner {
  static func run(_ root: any ParsableCommand.Type) {
    do {
      var command = try parse(root)
      setInterrupts(waiting: command is ServeCommand)
      try command.run()
    } catch let error as StudyError {
      report(error, asJSON: CommandLine.arguments.contains("--json"))
      exit(error.code.exit.rawValue)
    } catch {
      // Help, version and usage errors: ArgumentParser's own text, and 64 for wrong usage.
      root.exit(withError: error)
    }
  }

  /// A subcommand that comes first is parsed alone, unless there is an error: the tree of all commands, whose names
  /// take the runtime milliseconds to build, is only for help and for errors.
  private static func parse(_ root: any ParsableCommand.Type) throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    if let name = arguments.first,
      let type = root.configuration.subcommands.first(where: { $0.configuration.commandName == name })
    {
      if type == ExtractCommand.self { ReadAhead.begin(Array(arguments.dropFirst())) }
      if let command = try? type.parseAsRoot(Array(arguments.dropFirst())), Swift.type(of: command) == type {
        return command
      }
    }
    return try root.parseAsRoot()
  }

  /// A blocked signal is inherited, and all threads of libdispatch block signals: started from such a thread, a run
  /// could not be stopped by Ctrl-C. A signal that the caller ignores stays ignored.
  ///
  /// - Parameter waiting: signals wait until the daemon reads them, so that a signal during the start also ends it in
  ///   order.
  private static func setInterrupts(waiting: Bool) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
    pthread_sigmask(waiting ? SIG_BLOCK : SIG_UNBLOCK, &set, nil)
  }

  /// `radiomicsd: error: E_CODE: what (where); what to do`, or the same as an object.
  static func report(_ error: StudyError, asJSON: Bool) {
    let text =
      asJSON
      ? JSONValue.object(["error": error.json]).text(.compact) + "\n"
      : "radiomicsd: error: \(error.description)\n"
    StandardError.write(text)
  }
}

/// Standard error, for messages and progress.
enum StandardError {
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }
}
