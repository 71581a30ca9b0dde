public import ConnectorKit

/// Every connector of this program. A new one is a folder and a line here.
public enum Connectors {
  public static let all = ConnectorList([PostgresForm.kind] + manifests.map(RESTForm.kind(of:)) + [RESTForm.own])

  /// Those that are data.
  public static let manifests = [Stripe.manifest]
}
