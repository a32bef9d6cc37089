import Errors
import Imaging

/// Detects slices whose copy was not finished, where the copying program set the file's size first: stored values
/// of 0 from some row to the last.
///
/// - Parameter zerosAtEnd: stored values of 0 at the end of each slice.
/// - Returns: a note where an eighth of the rows or more are zero in some slices and not in most. Where they are zero
///   in most, the zeros lie outside the patient.
func unfinishedCopy(_ stack: SliceStack, _ zerosAtEnd: [Int]) -> Note? {
  let (columns, rows) = (stack.geometry.size.x, stack.geometry.size.y)
  let most = max(1, rows / 8)
  let found = zerosAtEnd.indices.filter { zerosAtEnd[$0] / columns >= most }
  guard let first = found.first, found.count * 2 <= zerosAtEnd.count else { return nil }
  let row = rows - zerosAtEnd[first] / columns
  return Note(
    code: "ZEROS_AT_END",
    message:
      "\(found.count) slice(s) hold nothing but stored zeros from some row to the last, and most others do not: the first is "
      + "slice \(first) from row \(row) on (file \(stack.slices[first].file.display)); a copy that was not finished looks so"
  )
}
