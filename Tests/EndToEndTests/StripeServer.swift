import Glibc
import LocalPostgres
import TestSupport

/// A Stripe stand-in behind a real HTTP server, with faults on the way.
struct StripeServer: Sendable {
  let shop: StripeStandIn
  private let server: TestHTTPServer

  /// - Parameter faults: for the answer to a request, by its number from 1.
  init(_ shop: StripeStandIn, faults: @escaping @Sendable (Int) -> [TestHTTPAnswer.Fault] = { _ in [] }) throws {
    self.shop = shop
    server = try TestHTTPServer { request in
      let key = request.header("Authorization").map { String($0.dropFirst("Bearer ".count)) }
      let answer = shop.answer(.init(path: TestHTTPRequest.decode(request.path, plus: false), query: request.query, key: key))
      return TestHTTPAnswer(answer.status, headers: answer.headers, body: answer.body, faults: faults(request.number))
    }
  }

  var baseURL: String { "\(server.url)/v1" }

  /// What the program needs to be let to this machine.
  static let environment = ["HEDGEROW_ALLOW_HOSTS": "127.0.0.1", "STRIPE_KEY": "rk_test_standin"]

  static func now() -> Int { time(nil) }
}
