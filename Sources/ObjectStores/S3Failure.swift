import HTTP

/// What an answer of S3 that is no success means.
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct S3Failure {
  enum Purpose: Equatable {
    case listing
    /// With the object's key.
    case reading(String)

    func what(_ bucket: String) -> String {
      switch self {
      case .listing: "The list of the bucket \(bucket)"
      case .reading(let key): "\(key) in the bucket \(bucket)"
      }
    }
  }

  let error: ObjectStoreError
  /// Where the bucket lies, when the answer says so.
  let region: String?

  /// - Parameter now: seconds since 1970, by this machine.
  init(
    _ response: HTTPResponse, _ body: [UInt8], _ place: S3Place, _ purpose: Purpose, hasCredentials: Bool, now: Int
  ) {
    let document = try? XMLElement(body)
    let code = document?.text("Code") ?? Self.code(response.status)
    region = response.header("x-amz-bucket-region") ?? document?.text("Region")
    let story = Story(place: place, purpose: purpose, hasCredentials: hasCredentials, region: region)
    let skew = response.header("Date").flatMap(HTTPDate.seconds).map { now - $0 }
    error = story.error(code, response.status, skew)
  }

  /// For answers without a document.
  private static func code(_ status: Int) -> String {
    switch status {
    case 301, 307: "PermanentRedirect"
    case 403: "AccessDenied"
    case 404: "NotFound"
    case 412: "PreconditionFailed"
    case 416: "InvalidRange"
    case 429, 503: "SlowDown"
    default: "HTTP\(status)"
    }
  }

  /// Tells a failure in the words of who linked the bucket.
  private struct Story {
    let place: S3Place
    let purpose: Purpose
    let hasCredentials: Bool
    let region: String?

    func error(_ code: String, _ status: Int, _ skew: Int?) -> ObjectStoreError {
      let what = purpose.what(place.bucket)
      return switch code {
      case "InvalidAccessKeyId":
        make(.unknownKey, "The access key is not known to the store.", "Check the key, and that it belongs to this service.")
      case "SignatureDoesNotMatch", "InvalidSecurity":
        make(.wrongSecret, "The secret does not fit the access key.", "Give the secret again; copy it whole.")
      case "ExpiredToken", "TokenRefreshRequired":
        make(.expired, "The session token has expired.", "Give a new key, secret and token.")
      case "InvalidToken": make(.wrongSecret, "The session token is not valid.", "Give key, secret and token of one session.")
      case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "UnauthorizedAccess": denied(what)
      case "NoSuchBucket", "InvalidBucketName":
        make(.noSuchBucket, "There is no bucket \(place.bucket).", "Check its name, and the endpoint.")
      case "NoSuchKey", "NotFound": missing(code)
      case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException":
        make(
          .wrongRegion, "The bucket \(place.bucket) lies in another region\(region.map { ", \($0)" } ?? "").",
          "Give it as region=\(region ?? "NAME").")
      case "RequestTimeTooSkewed", "RequestExpired":
        make(
          .clockSkew, "This machine's clock differs from the store's\(skew.map { " by \(abs($0)) seconds" } ?? "").",
          "Set the clock; a difference of more than 15 minutes is refused.")
      case "PreconditionFailed": .changed(what)
      case "InvalidRange": .changed(what)
      case "InvalidObjectState":
        make(.archived, "\(what) is archived.", "Restore it to a storage class that can be read, or leave it out of the pattern.")
      case "SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "OperationAborted", "RequestLimitExceeded",
        "Throttling", "TooManyRequests":
        make(.busy, "The store is busy: \(what) was not given (\(code)).", "It is tried again.")
      default:
        make(
          status == 500 || status >= 502 ? .busy : .refused(code: code),
          "\(what) was refused: status \(status), code \(code).", "Look the code up in the store's documentation.")
      }
    }

    private func make(_ kind: ObjectStoreError.Kind, _ message: String, _ hint: String) -> ObjectStoreError {
      ObjectStoreError(kind, message, hint: hint)
    }

    private func denied(_ what: String) -> ObjectStoreError {
      let who = hasCredentials ? "This key" : "Without a key one"
      return switch purpose {
      case .listing:
        make(
          .mayNotList, "\(who) may not list the bucket \(place.bucket).",
          hasCredentials
            ? "Allow it s3:ListBucket on the bucket and s3:GetObject on its objects." : "Give key and secret, or make the bucket public.")
      case .reading:
        make(
          .mayNotRead, "\(who) may not read \(what).",
          hasCredentials ? "Allow it s3:GetObject on the bucket's objects, and the key that encrypts them." : "Give key and secret.")
      }
    }

    private func missing(_ code: String) -> ObjectStoreError {
      switch purpose {
      case .listing: make(.noSuchBucket, "There is no bucket \(place.bucket).", "Check its name, and the endpoint.")
      case .reading(let key):
        make(.noSuchObject, "\(key) is not in the bucket \(place.bucket) any more.", "It was deleted since it was listed.")
      }
    }
  }
}
