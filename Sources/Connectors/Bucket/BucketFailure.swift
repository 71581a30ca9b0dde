import ConnectorKit
import Formats
import ObjectStores

/// Says in words what a bucket or a file of it refused. Pure.
enum BucketFailure {
  /// - Parameter key: the file that was read; nil for the bucket as a whole.
  static func explain(_ error: any Error, _ key: String?) -> any Error {
    let place = key.map { "\($0): " } ?? ""
    if let error = error as? FormatError { return ConnectorError(.malformed, "\(place)\(error)", hint: error.hint ?? hint(error.kind)) }
    guard let error = error as? ObjectStoreError else { return error }
    return ConnectorError(kind(error), error.message, hint: error.hint)
  }

  private static func hint(_ kind: FormatError.Kind) -> String {
    switch kind {
    case .corrupt: "Nothing of it was committed. Upload the file again, or tell its form with format=, compression= or delimiter=."
    case .truncated: "Nothing of it was committed. If the file is still being written, the next sync reads it whole; else upload it again."
    case .unsupported: "Leave the file out by the pattern in url=, or write it in another form."
    case .tooLarge: "Nothing of it was committed."
    }
  }

  private static func kind(_ error: ObjectStoreError) -> ConnectorError.Kind {
    switch error.kind {
    case .unknownKey, .wrongSecret, .expired: .unauthorized
    case .mayNotList, .mayNotRead: .forbidden
    case .noSuchBucket: .missing
    // It was listed a moment ago: the next try lists again.
    case .noSuchObject, .busy, .changed: .busy
    case .wrongRegion, .clockSkew, .archived, .badLocation: .unusable
    case .malformed, .refused: .malformed
    case .network: error.isTransient ? .unreachable : .unusable
    }
  }
}
