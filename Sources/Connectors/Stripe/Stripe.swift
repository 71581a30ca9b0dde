public import ConnectorKit
import Rows

/// Stripe: payments, billing, connected accounts.
///
/// Facts: docs.stripe.com, "Pagination", "Rate limits", "Versioning", and the reference of each object. Lists are newest
/// first; `starting_after` leads to older objects; `created` can be asked for, changes cannot, so those come by the list
/// of events, which Stripe keeps for 30 days.
public enum Stripe {
  /// Sent with each request, so that every account's objects have the same shape.
  static let version = "2024-09-30.acacia"

  public static let manifest = RESTManifest(
    name: "stripe", title: "Stripe", baseURL: "{{config.base_url | default('https://api.stripe.com/v1')}}",
    fields: [
      .init("key", "a restricted key with the right to read what you want to sync, such as rk_live_...", isSecret: true, isRequired: true),
      .init("account", "for platforms of Stripe Connect: the connected account to read, such as acct_..."),
      .init("rate", "how many requests a second Hedgerow sends at most; 0 for no limit of its own", fallback: "20"),
      .init("base_url", "the API's address", fallback: "https://api.stripe.com/v1"),
    ],
    authorization: .bearer(token: "{{config.key}}"),
    headers: [.init("Stripe-Version", Template(stringLiteral: version)), .init("Stripe-Account", "{{config.account}}")],
    rate: RESTRate(requestsPerSecond: "{{config.rate | default('20')}}", concurrency: 4),
    errors: errors, streams: streams, sizeParameter: "limit")

  private static let errors = [
    RESTErrorRule(statuses: [400], path: "error.param", equals: "starting_after", action: .restart),
    RESTErrorRule(statuses: [400], path: "error.param", equals: "ending_before", action: .restart),
    RESTErrorRule(
      statuses: [401], action: .stop, message: "Stripe does not accept the key: {{error.error.message}}",
      hint: "Make a restricted key at Stripe (Developers, API keys), then: hedgerow set SOURCE key=env:VARIABLE"),
    RESTErrorRule(
      statuses: [403], action: .stop, message: "the key may not read this: {{error.error.message}}",
      hint: "Add the right to the key at Stripe (Developers, API keys, Edit), or leave the table out."),
  ]

  // MARK: Streams

  static let streams: [RESTStream] =
    [
      list("charge", "charges", StripeColumns.charge, events("charge.*", "charge"), "Charges: read"),
      list(
        "customer", "customers", StripeColumns.customer, events("customer.*", "customer", gone: ["customer.deleted"]), "Customers: read"),
      list(
        "invoice", "invoices", StripeColumns.invoice, events("invoice.*", "invoice", gone: ["invoice.deleted"]), "Invoices: read",
        cutLists: [lines("invoices")]),
      list(
        "price", "prices", StripeColumns.price,
        events("price.*", "price", gone: ["price.deleted"], alwaysReads: true, objectParameters: [.init("expand[]", "tiers")]),
        "Plans: read", parameters: [.init("expand[]", "data.tiers")]),
      list("product", "products", StripeColumns.product, events("product.*", "product", gone: ["product.deleted"]), "Products: read"),
      // A subscription that ends is told by customer.subscription.deleted, and stays.
      list(
        "subscription", "subscriptions", StripeColumns.subscription, events("customer.subscription.*", "subscription"),
        "Subscriptions: read", parameters: [.init("status", "all")], cutLists: [items]),
      balanceTransaction,
      list("dispute", "disputes", StripeColumns.dispute, events("charge.dispute.*", "dispute"), "Disputes: read"),
      list("refund", "refunds", StripeColumns.refund, events("refund.*", "refund"), "Charges: read"),
      list("payout", "payouts", StripeColumns.payout, events("payout.*", "payout"), "Payouts: read"),
      list(
        "invoice_item", "invoiceitems", StripeColumns.invoiceitem, events("invoiceitem.*", "invoiceitem", gone: ["invoiceitem.deleted"]),
        "Invoices: read", cursor: "date"),
      list(
        "payment_intent", "payment_intents", StripeColumns.paymentIntent, events("payment_intent.*", "payment_intent"),
        "Payment intents: read", leavesOut: ["client_secret"]),
      paymentMethod,
      list("coupon", "coupons", StripeColumns.coupon, events("coupon.*", "coupon", gone: ["coupon.deleted"]), "Coupons: read"),
      list("promotion_code", "promotion_codes", StripeColumns.promotionCode, events("promotion_code.*", "promotion_code"), "Promotion codes: read"),
      list(
        "credit_note", "credit_notes", StripeColumns.creditNote, events("credit_note.*", "credit_note"), "Credit notes: read",
        cutLists: [lines("credit_notes")]),
      list(
        "checkout_session", "checkout/sessions", StripeColumns.checkoutSession, events("checkout.session.*", "checkout.session"),
        "Checkout sessions: read", leavesOut: ["client_secret"]),
      list(
        "setup_intent", "setup_intents", StripeColumns.setupIntent, events("setup_intent.*", "setup_intent"), "Setup intents: read",
        leavesOut: ["client_secret"]),
      list(
        "subscription_schedule", "subscription_schedules", StripeColumns.subscriptionSchedule,
        events("subscription_schedule.*", "subscription_schedule"), "Subscriptions: read"),
      list("tax_rate", "tax_rates", StripeColumns.taxRate, events("tax_rate.*", "tax_rate"), "Tax rates: read"),
      list("account", "accounts", StripeColumns.account, events("account.*", "account"), "Connected accounts: read"),
    ]

  private static let pages = RESTPagination.keyset(parameter: "starting_after", field: "id", more: "has_more")
  private static let limit = RESTParameter("limit", "100")

  private static func list(
    _ name: String, _ path: Template, _ columns: [RESTColumn], _ events: RESTEvents?, _ permission: String,
    cursor: String = "created", parameters: [RESTParameter] = [], cutLists: [RESTCutList] = [], leavesOut: [String] = [], lookback: Int = 3600
  ) -> RESTStream {
    var events = events
    events?.objectPath = Template(stringLiteral: "\(path.source)/{{id}}")
    return RESTStream(
      name: name, path: path, parameters: [limit] + parameters, records: "data", key: ["id"], columns: columns, pagination: pages,
      order: .newestFirst,
      // The parameter is named created also where the field is not.
      cursor: RESTCursor(cursor, from: "created[gte]", before: "created[lt]", format: .unixSeconds, lookback: lookback),
      events: events, cutLists: cutLists, leavesOut: leavesOut, permission: permission)
  }

  private static func events(
    _ type: Template, _ object: String, gone: [String] = [], alwaysReads: Bool = false, objectParameters: [RESTParameter] = []
  ) -> RESTEvents {
    RESTEvents(
      path: "events", parameters: [limit, .init("type", type)], records: "data", pagination: pages, object: "data.object", type: "type",
      time: "created", from: "created[gte]", objectKind: "object", objectKindIs: object, goneTypes: gone, version: "api_version",
      versionIs: version, objectPath: "", objectParameters: objectParameters, goneFlag: "deleted", alwaysReads: alwaysReads, keptDays: 30,
      overlap: 3600)
  }

  /// Nothing tells when one changes, and only `status` does: from pending to available, within some days.
  private static let balanceTransaction: RESTStream = {
    var stream = list(
      "balance_transaction", "balance_transactions", StripeColumns.balanceTransaction, nil, "Balance transaction sources: read",
      lookback: 14 * 86_400)
    stream.usualMode = .merge
    return stream
  }()

  private static let paymentMethod = RESTStream(
    name: "payment_method", path: "customers/{{parent.id}}/payment_methods", parameters: [limit], records: "data", key: ["id"],
    columns: StripeColumns.paymentMethod, pagination: pages, order: .newestFirst, parent: RESTParent(stream: "customer"),
    permission: "Customers: read, Payment methods: read")

  /// An object has the first ten of its lines.
  private static func lines(_ path: String) -> RESTCutList {
    RESTCutList(
      field: "lines", elements: "data", more: "has_more", path: Template(stringLiteral: "\(path)/{{record.id}}/lines"), parameters: [limit],
      pagination: pages)
  }

  private static let items = RESTCutList(
    field: "items", elements: "data", more: "has_more", path: "subscription_items",
    parameters: [limit, .init("subscription", "{{record.id}}")], pagination: pages)
}
