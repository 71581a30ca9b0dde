import Rows

/// Where a wanted column's values are from in a file, and how they are written.
///
/// Holds nothing that is counted: it is looked at for each value.
struct ColumnTarget {
  enum Source {
    /// The file has no such field, or it is not known yet: NULL.
    case missing
    case field, constant, rowNumber
  }

  var source: Source
  /// The number of the field, or of the constant.
  var place = 0
  let core: ValueCore

  /// - Parameter constants: takes the column's constant, in the form of the stream: its length and bytes.
  /// - Throws: `FormatError` when the type is none that text is turned into, or the constant is no value of it.
  init(_ column: WantedColumn, _ constants: inout [[UInt8]]) throws(FormatError) {
    let writer = try ValueWriter(column.type)
    core = writer.core
    switch column.origin {
    case .field: source = .missing
    case .rowNumber: source = .rowNumber
    case .constant(let text):
      source = .constant
      place = constants.count
      constants.append(try ConstantValue.bytes(text, writer))
    }
  }
}
