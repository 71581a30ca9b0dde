import ConnectorKit
import Connectors
import Foundation
import Testing

/// `docs/sources/`: a page for each connector that is a manifest, written from it.
@Suite struct ManifestPageTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs/sources")

  @Test func `each manifest's page is what is in the repository`() throws {
    for manifest in [Stripe.manifest] {
      let file = Self.folder.appending(path: "\(manifest.name).md")
      if ProcessInfo.processInfo.environment["HEDGEROW_UPDATE_DOCS"] != nil { try manifest.page.write(to: file, atomically: true, encoding: .utf8) }
      let written = try String(contentsOf: file, encoding: .utf8)
      #expect(written == manifest.page, "docs/sources/\(manifest.name).md is old: run this test with HEDGEROW_UPDATE_DOCS=1")
    }
  }
}
