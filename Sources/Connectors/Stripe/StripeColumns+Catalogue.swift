/// What is sold, and on which terms; connected accounts. The fields of Stripe's objects in API version 2024-09-30.acacia, and those that later versions add.
extension StripeColumns {
  static let product = make(
    texts: "description id name object statement_descriptor type unit_label url",
    references: "default_price tax_code",
    booleans: "active livemode shippable",
    times: "created updated",
    json: "images marketing_features metadata package_dimensions")

  static let price = make(
    texts: "billing_scheme currency id lookup_key nickname object tax_behavior tiers_mode type",
    references: "product",
    integers: "unit_amount",
    decimals: "unit_amount_decimal",
    booleans: "active livemode",
    times: "created",
    json: "custom_unit_amount metadata recurring tiers transform_quantity")

  static let coupon = make(
    texts: "currency duration id name object",
    integers: "amount_off duration_in_months max_redemptions times_redeemed",
    decimals: "percent_off",
    booleans: "livemode valid",
    times: "created redeem_by",
    json: "applies_to metadata")

  static let promotionCode = make(
    texts: "code customer_account id object",
    references: "customer",
    integers: "max_redemptions times_redeemed",
    booleans: "active livemode",
    times: "created expires_at",
    json: "coupon metadata promotion restrictions")

  static let taxRate = make(
    texts: "country description display_name id jurisdiction jurisdiction_level object rate_type state tax_type",
    decimals: "effective_percentage percentage",
    booleans: "active inclusive livemode",
    times: "created",
    json: "flat_amount metadata")

  static let account = make(
    texts: "business_type country default_currency email id object type",
    booleans: "charges_enabled details_submitted payouts_enabled",
    times: "created",
    json: """
      business_profile capabilities controller external_accounts future_requirements metadata requirements \
      settings tos_acceptance
      """)
}
