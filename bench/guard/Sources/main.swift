// Runs one workload for bench/guard/run, which counts the instructions between entry and return of `guard_workload`.
//
//     guard NAME FOLDER ROOT      FOLDER: where `guard prepare FOLDER ROOT` wrote the inputs; ROOT: the checkout
//     guard list

import Errors
import Foundation

let arguments = CommandLine.arguments
switch arguments.count {
case 2 where arguments[1] == "list":
  for workload in Workload.allCases { print(workload.rawValue) }
case 4 where arguments[1] == "prepare":
  try GuardInputs(folder: arguments[2], root: arguments[3]).write()
case 4:
  guard let workload = Workload(rawValue: arguments[1]) else { fallthrough }
  pending = try workload.prepared(GuardInputs(folder: arguments[2], root: arguments[3]))
  guardWorkload()
  if let failure { throw failure }
default:
  FileHandle.standardError.write(Data("usage: guard NAME|prepare FOLDER ROOT, or guard list\n".utf8))
  exit(ExitStatus.usage.rawValue)
}
