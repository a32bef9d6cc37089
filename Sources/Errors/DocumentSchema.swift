/// Schemas of documents that one module writes and another reads, which imports neither.
public enum DocumentSchema {
  /// `manifest.json` of a private copy: written by intake, read by the worker before it reads anything else.
  public static let spool = "radiomicsd.spool/1"
}
