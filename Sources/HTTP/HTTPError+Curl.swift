import CLibcurl
import Glibc

/// What is known about a transfer that failed.
struct TransferFailure {
  var code: CURLcode
  var address: WebAddress
  var proxy: String?
  var headArrived: Bool
  /// The system's error number; 0 for none.
  var systemError: Int32
  /// Of the proxy's answer to CONNECT; 0 for none.
  var proxyStatus: Int
  /// What libcurl and its TLS library say.
  var detail: String
}

extension HTTPError {
  init(_ failure: TransferFailure) {
    let place = failure.address.place
    let host = failure.address.host
    func make(_ kind: Kind, _ message: String, _ hint: String? = nil) -> HTTPError {
      HTTPError(kind, host: place, message, hint: hint)
    }
    if failure.proxy != nil, failure.proxyStatus != 0, failure.proxyStatus / 100 != 2 {
      self = make(
        .proxy, "The proxy did not let a connection to \(place) through (status \(failure.proxyStatus)).",
        "Check the proxy's rules and the credentials in https_proxy, or name the host in no_proxy.")
      return
    }
    self =
      switch failure.code {
      case CURLE_COULDNT_RESOLVE_HOST:
        make(
          .nameNotFound, "The name \(host) could not be found.",
          "Check its spelling, and that this machine can reach a name server.")
      case CURLE_COULDNT_RESOLVE_PROXY:
        make(.proxy, "The name of the proxy could not be found.", "Check https_proxy and http_proxy.")
      case CURLE_PROXY:
        make(.proxy, "The proxy on the way to \(place) failed.", "Check https_proxy and http_proxy.")
      case CURLE_COULDNT_CONNECT: .notConnected(failure)
      case CURLE_OPERATION_TIMEDOUT:
        make(
          .connectTimeout, "No connection to \(place) came about in time.",
          "Check the address, and that no firewall is in between.")
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
        make(
          .untrusted, "The certificate of \(place) is not trusted: \(failure.detail).",
          "Check the host's name; if it uses a certificate of your own authority, name its file as the CA file.")
      case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
        make(
          .badRequest, "The CA file for \(place) cannot be read.", "Name a readable PEM file with the authorities' certificates.")
      case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
        make(
          .tls, "No encrypted connection to \(place) came about: \(failure.detail).",
          "Check that the address is an https one, and that the server speaks TLS 1.2 or newer.")
      case CURLE_URL_MALFORMAT: make(.badRequest, "The address is not an http or https URL.")
      // The protocol that is not supported is HTTP/0.9, which has no head: what is not HTTP looks like it.
      case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
        make(.malformed, "\(place) did not answer in HTTP.", "Check the port and whether the address should be https.")
      case CURLE_BAD_CONTENT_ENCODING:
        make(.malformed, "The compressed answer of \(place) is broken.")
      case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
        CURLE_WRITE_ERROR:
        failure.headArrived
          ? make(.cut, "The answer of \(place) broke off before its end.")
          : make(.reset, "\(place) closed the connection before it answered.")
      default:
        make(.malformed, "The request to \(place) failed: \(String(cString: curl_easy_strerror(failure.code))).")
      }
  }

  private static func notConnected(_ failure: TransferFailure) -> HTTPError {
    let place = failure.address.place
    if failure.proxy != nil {
      return HTTPError(
        .proxy, host: place, "The proxy on the way to \(place) could not be reached.",
        hint: "Check https_proxy and http_proxy, or name the host in no_proxy.")
    }
    let (kind, message): (Kind, String) =
      switch failure.systemError {
      case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL: (.unreachable, "No way leads to \(place).")
      case ETIMEDOUT: (.connectTimeout, "\(place) did not answer the connection.")
      default: (.refused, "\(place) refused the connection.")
      }
    return HTTPError(kind, host: place, message, hint: "Check the address and port, and that the server runs.")
  }

  static func forbidden(_ address: WebAddress, _ target: String, _ meaning: String) -> HTTPError {
    HTTPError(
      .forbiddenAddress, host: address.place,
      "\(address.place) leads to \(target), \(meaning), which is not connected to.",
      hint: "If it should be, name the host in HEDGEROW_ALLOW_HOSTS.")
  }
}
