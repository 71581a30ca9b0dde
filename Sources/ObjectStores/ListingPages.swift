import HTTP

/// One page of a listing, as a store's answer tells it.
protocol ListingPage {
  var entries: [ObjectEntry] { get }
  /// Where the next page begins; nil at the end.
  var next: String? { get }
}

extension S3Listing: ListingPage {}
extension AzureListing: ListingPage {}

/// Goes through the pages of a listing.
struct ListingPages {
  /// The bucket or the container, for errors.
  let container: String
  let clock: any RetryClock

  /// - Parameters:
  ///   - page: called for each page; returning false ends the listing.
  ///   - fetch: gets the page that begins at a token, nil for the first one. Asked again when it breaks off.
  func forEach<Page: ListingPage>(
    _ page: @Sendable ([ObjectEntry]) async throws -> Bool, fetch: (String?) async throws -> Page
  ) async throws {
    var token: String?
    repeat {
      let listing = try await fetchWhole(token, fetch)
      if try await !page(listing.entries) { return }
      guard listing.next == nil || listing.next != token else {
        throw ObjectStoreError(.malformed, "The listing of \(container) repeats its pages.")
      }
      token = listing.next
    } while token != nil
  }

  private func fetchWhole<Page: ListingPage>(_ token: String?, _ fetch: (String?) async throws -> Page) async throws -> Page {
    for attempt in 1... {
      do { return try await fetch(token) } catch {
        guard let failure = error as? HTTPError else { throw error }
        guard failure.isTransient, attempt < 5 else { throw ObjectStoreError(failure, reading: "The list of \(container)") }
        try await clock.sleep(for: .milliseconds(Int(200 * Double(1 << attempt) * (0.5 + clock.random() / 2))))
      }
    }
    preconditionFailure("the attempts end with a return or an error")
  }
}
