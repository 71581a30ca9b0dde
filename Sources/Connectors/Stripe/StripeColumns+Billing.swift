/// Who is billed for what. The fields of Stripe's objects in API version 2024-09-30.acacia, and those that later versions add.
extension StripeColumns {
  static let customer = make(
    texts: "currency description email id invoice_prefix name object phone tax_exempt",
    references: "default_source test_clock",
    integers: "balance next_invoice_sequence",
    booleans: "delinquent livemode",
    times: "created",
    json: "address discount invoice_settings metadata preferred_locales shipping")

  static let invoice = make(
    texts: """
      account_country account_name billing_reason collection_method currency customer_account \
      customer_email customer_name customer_phone customer_tax_exempt description footer \
      hosted_invoice_url id invoice_pdf number object receipt_number statement_descriptor status
      """,
    references: """
      application charge customer default_payment_method default_source latest_revision on_behalf_of \
      payment_intent quote subscription test_clock
      """,
    integers: """
      amount_due amount_overpaid amount_paid amount_remaining amount_shipping application_fee_amount \
      attempt_count ending_balance post_payment_credit_notes_amount pre_payment_credit_notes_amount \
      starting_balance subtotal subtotal_excluding_tax tax total total_excluding_tax
      """,
    booleans: "attempted auto_advance livemode paid paid_out_of_band",
    times: """
      automatically_finalizes_at created due_date effective_at next_payment_attempt period_end \
      period_start subscription_proration_date webhooks_delivered_at
      """,
    json: """
      account_tax_ids automatic_tax custom_fields customer_address customer_shipping customer_tax_ids \
      default_tax_rates discount discounts from_invoice issuer last_finalization_error lines metadata \
      parent payment_settings rendering shipping_cost shipping_details status_transitions \
      subscription_details total_discount_amounts total_pretax_credit_amounts total_tax_amounts \
      total_taxes transfer_data
      """)

  static let invoiceitem = make(
    texts: "currency customer_account description id object subscription_item",
    references: "customer invoice subscription test_clock",
    integers: "amount net_amount quantity unit_amount",
    decimals: "quantity_decimal unit_amount_decimal",
    booleans: "discountable livemode proration",
    times: "date",
    json: "discounts metadata parent period plan price pricing tax_rates")

  static let creditNote = make(
    texts: "currency customer_account id memo number object pdf reason status type",
    references: "customer customer_balance_transaction invoice refund",
    integers: """
      amount amount_shipping discount_amount out_of_band_amount post_payment_amount pre_payment_amount \
      subtotal subtotal_excluding_tax total total_excluding_tax
      """,
    booleans: "livemode",
    times: "created effective_at voided_at",
    json: "discount_amounts lines metadata pretax_credit_amounts refunds shipping_cost total_taxes")

  static let subscription = make(
    texts: "collection_method currency customer_account description id object status",
    references: """
      application customer default_payment_method default_source latest_invoice on_behalf_of \
      pending_setup_intent schedule test_clock
      """,
    integers: "days_until_due quantity",
    decimals: "application_fee_percent",
    booleans: "cancel_at_period_end livemode",
    times: """
      billing_cycle_anchor cancel_at canceled_at created current_period_end current_period_start ended_at \
      next_pending_invoice_item_invoice start_date trial_end trial_start
      """,
    json: """
      automatic_tax billing_cycle_anchor_config billing_mode billing_schedules billing_thresholds \
      cancellation_details default_tax_rates discount discounts invoice_settings items managed_payments \
      metadata pause_collection payment_settings pending_invoice_item_interval pending_update plan \
      transfer_data trial_settings
      """)

  static let subscriptionSchedule = make(
    texts: "customer_account end_behavior id object status",
    references: "application customer released_subscription subscription test_clock",
    booleans: "livemode",
    times: "canceled_at completed_at created released_at",
    json: "billing_mode current_phase default_settings metadata phases")
}
