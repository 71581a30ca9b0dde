import Spelling

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
