import ArgumentParser
import Documents

/// The command line: argument parsing only. The work of a command is in the modules below.
@main
struct Radiomicsd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "radiomicsd",
    abstract: "CT study in, radiomic features and a model's probability out.",
    discussion: "Research use only. Not for diagnosis.",
    version: Software.version,
    subcommands: [
      ServeCommand.self, ProcessCommand.self, ConvertCommand.self, InspectCommand.self, ExtractCommand.self,
      PredictCommand.self, JobsCommand.self, AuditCommand.self, RecoverCommand.self, DoctorCommand.self,
      HealthCommand.self,
      TrainCommand.self,
      EvaluateCommand.self, ModelCommand.self, DriftCommand.self, StabilityCommand.self, IBSICommand.self,
      PhantomCommand.self,
      WorkerCommand.self,
    ])

  static func main() {
    InstalledDictionary.use()
    CommandRunner.run(Self.self)
  }
}
