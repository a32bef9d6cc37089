import Glibc

/// The file to which each input is written: parsers read files. In memory, in the folder given to the run, or one of
/// the process's own.
enum ScratchFile {
  static let folder: String = {
    // Where the script says, so that the script removes it.
    let path = getenv("FUZZ_SCRATCH").map { String(cString: $0) } ?? "/dev/shm/radiomicsd-fuzz-\(getpid())"
    mkdir(path, 0o700)
    return path
  }()

  /// Writes the input and returns its path.
  static func write(_ bytes: UnsafeRawBufferPointer, as name: String) -> String {
    let path = folder + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "cannot write to /dev/shm")
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      precondition(count > 0, "cannot write to /dev/shm")
      done += count
    }
    close(descriptor)
    return path
  }
}
