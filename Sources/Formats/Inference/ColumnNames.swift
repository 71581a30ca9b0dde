/// Names of columns that PostgreSQL takes, made from those of a file and as near to them as can be.
public enum ColumnNames {
  /// PostgreSQL's limit, in bytes.
  static let longest = 63

  /// Every table has these already.
  private static let system: Set<String> = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]

  /// Makes names that are not empty, not too long and all different. The first of several alike keeps its name.
  ///
  /// Space at the ends goes; control characters become spaces; what is empty is called `c` and its place; a name that was
  /// there already gets `_2`, `_3` and so on, and one that every table has an underscore.
  public static func unique(_ names: [String]) -> [String] {
    var result = names.enumerated().map { index, name in
      let cleaned = clean(name)
      return cleaned.isEmpty ? "c\(index + 1)" : cleaned
    }
    // Names that need no change come first, so that another's number does not take them.
    var taken = Set(result)
    var seen: Set<String> = []
    for index in result.indices where !seen.insert(result[index]).inserted {
      result[index] = numbered(result[index]) { taken.insert($0).inserted }
      seen.insert(result[index])
    }
    return result
  }

  private static func clean(_ name: String) -> String {
    let space: Unicode.Scalar = " "
    let scalars = name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? space : $0 }
    let start = scalars.firstIndex { $0 != space } ?? scalars.endIndex
    let end = scalars.lastIndex { $0 != space }.map { $0 + 1 } ?? start
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<end])
    let name = cut(String(view), to: longest)
    return system.contains(name) ? name + "_" : name
  }

  private static func numbered(_ name: String, isFree: (String) -> Bool) -> String {
    var number = 2
    while true {
      let suffix = "_\(number)"
      let candidate = cut(name, to: longest - suffix.utf8.count) + suffix
      if isFree(candidate) { return candidate }
      number += 1
    }
  }

  /// The longest beginning of so many bytes that cuts no character.
  private static func cut(_ name: String, to limit: Int) -> String {
    guard name.utf8.count > limit else { return name }
    var result = String.UnicodeScalarView()
    var count = 0
    for scalar in name.unicodeScalars {
      count += UTF8.width(scalar)
      if count > limit { break }
      result.append(scalar)
    }
    return String(result)
  }
}
