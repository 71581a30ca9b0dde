@testable import ObjectStores
import Testing

@Suite struct TextFormsTests {
  @Test(arguments: [
    ("a b+c/d", "a%20b%2Bc%2Fd"), ("-_.~", "-_.~"), ("größe", "gr%C3%B6%C3%9Fe"), ("", ""), ("%", "%25"), ("\u{0}", "%00"),
  ])
  func `text is encoded for a query, and decoded again`(text: String, encoded: String) {
    #expect(PercentEncoding.encode(text) == encoded)
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test func `a plus is a blank only where it is said so`() {
    #expect(PercentEncoding.decode("a+b%2Bc") == "a+b+c")
    #expect(PercentEncoding.decode("a+b%2Bc", plusIsBlank: true) == "a b+c")
    #expect(PercentEncoding.decode("100%") == "100%")
    #expect(PercentEncoding.decode("%zz") == "%zz")
    #expect(PercentEncoding.decode("%ff") == nil)
  }

  @Test(arguments: [
    (0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
    (1_369_353_600, "20130524T000000Z", "Fri, 24 May 2013 00:00:00 GMT"),
    (4_102_444_799, "20991231T235959Z", "Thu, 31 Dec 2099 23:59:59 GMT"),
  ])
  func `a moment is written as signatures want it`(seconds: Int, basic: String, http: String) {
    #expect(Moment(seconds: seconds).basic == basic)
    #expect(Moment(seconds: seconds).http == http)
  }

  @Test(arguments: [
    ("2009-10-12T17:50:30.000Z", 1_255_369_830_000_000), ("1970-01-01T00:00:00Z", 0), ("2000-02-29T00:00:00.123456789Z", 951_782_400_123_456),
    ("2099-12-31T23:59:59.5Z", 4_102_444_799_500_000), ("yesterday", nil), ("2009-13-12T17:50:30.000Z", nil),
  ])
  func `a moment of a listing is read`(text: String, microseconds: Int64?) {
    #expect(Moment.microseconds(iso: text) == microseconds)
  }
}
