/// How many letters have to be added, left out, exchanged or swapped with their neighbour to make one word of the other:
/// optimal string alignment, which swaps no letters that it has changed otherwise. `hedgerow.nearest` in SQL counts the same.
public func editDistance<Letter: Equatable>(_ word: [Letter], _ other: [Letter]) -> Int {
  var before: [Int] = []
  var above = Array(0...other.count)
  for i in word.indices {
    var here = [i + 1]
    for j in other.indices {
      var least = min(above[j + 1] + 1, here[j] + 1, above[j] + (word[i] == other[j] ? 0 : 1))
      if i > 0, j > 0, word[i] == other[j - 1], word[i - 1] == other[j] { least = min(least, before[j - 1] + 1) }
      here.append(least)
    }
    (before, above) = (above, here)
  }
  return above[other.count]
}
