import Spelling
import Testing

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("mode", "mode", 0), ("", "mode", 4), ("mode", "", 4), ("mod", "mode", 1), ("moode", "mode", 1), ("made", "mode", 1),
    ("mdoe", "mode", 1), ("omed", "mode", 2), ("ca", "abc", 3), ("größe", "grösse", 2),
  ])
  func `each slip counts once, a swap of neighbours too`(word: String, other: String, distance: Int) {
    #expect(editDistance(Array(word), Array(other)) == distance)
    #expect(editDistance(Array(other), Array(word)) == distance)
  }
}
