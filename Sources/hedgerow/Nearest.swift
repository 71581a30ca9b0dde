/// The word most like `word`, by the slips between them; nil where none is near. `hedgerow.nearest` in SQL is the same.
func nearest(_ word: String, _ words: [String]) -> String? {
  let limit = max(1, (word.count + 1) / 3)
  let near = words.compactMap { other -> (word: String, distance: Int)? in
    guard abs(word.count - other.count) <= limit else { return nil }
    let distance = editDistance(Array(word.lowercased()), Array(other.lowercased()))
    return distance <= min(limit, max(word.count, other.count) - 1) ? (other, distance) : nil
  }
  return near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

/// How many letters have to be added, left out, exchanged or swapped with their neighbour (optimal string alignment).
func editDistance(_ word: [Character], _ other: [Character]) -> Int {
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
