import JSON

extension StripeStandIn {
  /// A small shop: customers, products with prices, subscriptions, invoices and charges over some months, with the
  /// shapes that Stripe documents. The same for the same arguments.
  ///
  /// - Parameter customers: how many; the rest is in proportion.
  public static func shop(
    customers: Int, days: Int = 180, key: String = "rk_test_standin", now: @escaping @Sendable () -> Int,
    before: @escaping @Sendable (Int, Request) -> Answer? = { _, _ in nil }
  ) -> StripeStandIn {
    let shop = StripeStandIn(key: key, now: now, before: before)
    shop.offer(
      "events", "balance_transactions", "disputes", "refunds", "payouts", "invoiceitems", "payment_intents", "coupons", "promotion_codes",
      "credit_notes", "checkout/sessions", "setup_intents", "subscription_schedules", "tax_rates", "accounts", "customers", "charges",
      "invoices", "products", "prices", "subscriptions", "customers/payment_methods", "invoices/lines")
    let end = now() - 3600
    let start = end - days * 86_400
    shop.fill {
      var random = SeededRandom(seed: 7)
      for number in 0..<3 { shop.addProduct(number, created: start + number) }
      for number in 0..<customers {
        let created = start + number * (days * 86_400) / max(1, customers)
        shop.addCustomer(number, created: created, &random)
        for month in 0..<3 { shop.addCharge(number * 3 + month, customer: number, created: min(end, created + month * 2_592_000), &random) }
        if number % 4 == 0 { shop.addInvoice(number, lines: number % 20 == 0 ? 23 : 2, created: created + 60) }
        if number % 5 == 0 { shop.addPaymentMethod(number, created: created + 30) }
      }
    }
    return shop
  }

  private func addProduct(_ number: Int, created: Int) {
    add("products", "prod_\(number)", created: created, [
      ("object", "product"), ("active", .bool(number != 2)), ("name", .string(["Seat", "Träger", "T-shirt"][number])), ("livemode", false),
      ("metadata", .object([])), ("images", .array([])), ("updated", .integer(Int64(created))), ("type", "service"),
    ])
    add("prices", "price_\(number)", created: created, [
      ("object", "price"), ("active", true), ("currency", "eur"), ("product", .string("prod_\(number)")), ("type", "recurring"),
      ("billing_scheme", "per_unit"), ("unit_amount", .integer(Int64(900 * (number + 1)))), ("unit_amount_decimal", .string("\(900 * (number + 1)).5")),
      ("recurring", .object([("interval", "month"), ("interval_count", 1)])), ("metadata", .object([])), ("livemode", false),
    ])
  }

  private func addCustomer(_ number: Int, created: Int, _ random: inout SeededRandom) {
    add("customers", "cus_\(number)", created: created, [
      ("object", "customer"), ("name", number % 9 == 0 ? nil : .string("Zoë \(number) 🌿")), ("email", .string("c\(number)@example.com")),
      ("balance", .integer(Int64(random.next() % 900))), ("delinquent", false), ("livemode", false), ("currency", "eur"),
      ("metadata", .object([("plan", "größe"), ("note", "line1\nline2\t\"q\" \\")])),
      ("address", number % 2 == 0 ? nil : .object([("city", "Łódź"), ("line2", nil)])), ("preferred_locales", .array(["de"])),
    ])
  }

  public func addCharge(_ number: Int, customer: Int, created: Int, _ random: inout SeededRandom) {
    let amount = Int64(500 + random.next() % 20_000)
    add("charges", "ch_\(number)", created: created, [
      ("object", "charge"), ("amount", .integer(amount)), ("amount_captured", .integer(amount)), ("amount_refunded", 0), ("captured", true),
      ("currency", "eur"), ("customer", .string("cus_\(customer)")), ("paid", true), ("status", "succeeded"), ("refunded", false),
      ("disputed", false), ("livemode", false), ("metadata", .object([])), ("billing_details", .object([("name", "Zoë")])),
      ("outcome", .object([("risk_score", 12)])), ("payment_method_details", .object([("type", "card")])),
    ])
  }

  private func addInvoice(_ number: Int, lines: Int, created: Int) {
    let all = (0..<lines).map { line in
      JSONValue.object([("id", .string("il_\(number)_\(line)")), ("object", "line_item"), ("amount", .integer(Int64(line + 1)))])
    }
    for (line, object) in all.enumerated().reversed() {
      guard case .object(let members) = object else { continue }
      add("invoices/lines", "il_\(number)_\(line)", created: created + lines - line, Array(members.dropFirst()), of: "in_\(number)")
    }
    add("invoices", "in_\(number)", created: created, [
      ("object", "invoice"), ("customer", .string("cus_\(number)")), ("currency", "eur"), ("status", "paid"), ("number", .string("INV-\(number)")),
      ("total", .integer(Int64(lines))), ("amount_due", .integer(Int64(lines))), ("amount_paid", .integer(Int64(lines))), ("livemode", false),
      ("metadata", .object([])), ("period_start", .integer(Int64(created - 60))), ("period_end", .integer(Int64(created))),
      ("lines", .object([
        ("object", "list"), ("data", .array(Array(all.prefix(10)))), ("has_more", .bool(lines > 10)), ("url", .string("/v1/invoices/in_\(number)/lines")),
      ])),
    ])
  }

  private func addPaymentMethod(_ number: Int, created: Int) {
    add("customers/payment_methods", "pm_\(number)", created: created, [
      ("object", "payment_method"), ("type", "card"), ("customer", .string("cus_\(number)")), ("livemode", false), ("metadata", .object([])),
      ("card", .object([("brand", "visa"), ("last4", "4242")])), ("billing_details", .object([])),
    ], of: "cus_\(number)")
  }
}
