import CLibcurl

/// Moments as HTTP headers write them.
public enum HTTPDate {
  /// Seconds since 1970 of `Mon, 27 Jul 2009 12:28:53 GMT` and of the older forms; nil for what is no date.
  public static func seconds(_ text: String) -> Int? {
    let date = curl_getdate(text, nil)
    return date < 0 ? nil : date
  }
}
