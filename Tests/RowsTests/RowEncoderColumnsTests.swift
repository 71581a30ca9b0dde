import Rows
import Testing

@Suite struct RowEncoderColumnsTests {
  @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 18, 30])
  func `decimals of 64 bits have the same form as those of 128`(scale: Int) {
    let values: [Int64] = [0, 1, -1, 9, 10, 9_999, 10_000, -10_000, 120_000_000, 99_999_999_999, .max, .min]
    for value in values {
      var narrow = RowEncoder(columns: 1)
      var wide = RowEncoder(columns: 1)
      narrow.numeric(unscaled: value, scale: scale)
      wide.numeric(unscaled: Int128(value), scale: scale)
      #expect(narrow.takeBatch().bytes == wide.takeBatch().bytes, "\(value) with the scale \(scale)")
    }
  }

  @Test func `columns that were encoded on their own become rows`() {
    var first = RowEncoder(columns: 0)
    var second = RowEncoder(columns: 0)
    var constant = RowEncoder(columns: 0)
    var (firstEnds, secondEnds): ([Int], [Int]) = ([], [])
    let texts = ["", "short", String(repeating: "long ", count: 20)]
    for (number, text) in texts.enumerated() {
      first.int64(Int64(number))
      firstEnds.append(first.count)
      second.text(text)
      secondEnds.append(second.count)
    }
    constant.null()
    var rows = RowEncoder(columns: 3)
    firstEnds.withUnsafeBufferPointer { firstEnds in
      secondEnds.withUnsafeBufferPointer { secondEnds in
        [constant.count].withUnsafeBufferPointer { constantEnds in
          let columns = [
            first.fields(ends: firstEnds.baseAddress!), second.fields(ends: secondEnds.baseAddress!),
            constant.fields(ends: constantEnds.baseAddress!, isConstant: true),
          ]
          rows.appendRows(1..<3, of: columns)
        }
      }
    }
    var expected = RowEncoder(columns: 3)
    for number in 1..<3 {
      expected.beginRow()
      expected.int64(Int64(number))
      expected.text(texts[number])
      expected.null()
      expected.endRow()
    }
    #expect(rows.rows == 2)
    #expect(rows.takeBatch().bytes == expected.takeBatch().bytes)
  }

  @Test func `what was written first can be forgotten, and what was written last`() {
    var encoder = RowEncoder(columns: 0)
    for value in 1...3 as ClosedRange<Int16> { encoder.int16(value) }
    encoder.removeFirst(6)
    encoder.truncate(to: 6)
    #expect(encoder.withBytes { Array($0) } == [0, 0, 0, 2, 0, 2])
    encoder.removeAll()
    #expect(encoder.count == 0)
  }
}
