/// What was paid, and how. The fields of Stripe's objects in API version 2024-09-30.acacia, and those that later versions add.
extension StripeColumns {
  static let charge = make(
    texts: """
      calculated_statement_descriptor currency description failure_code failure_message id object \
      receipt_email receipt_number receipt_url statement_descriptor statement_descriptor_suffix status \
      transfer_group
      """,
    references: """
      application application_fee balance_transaction customer failure_balance_transaction invoice \
      on_behalf_of payment_intent payment_method review source_transfer
      """,
    integers: "amount amount_captured amount_refunded application_fee_amount",
    booleans: "captured disputed livemode paid refunded",
    times: "created",
    json: "billing_details fraud_details metadata outcome payment_method_details shipping source transfer_data")

  static let refund = make(
    texts: "currency customer_account id object reason receipt_number status",
    references: """
      balance_transaction charge customer payment_intent payment_method source_transfer_reversal \
      transfer_reversal
      """,
    integers: "amount",
    times: "created",
    json: "destination_details metadata")

  static let dispute = make(
    texts: "currency id object reason status",
    references: "charge payment_intent",
    integers: "amount",
    booleans: "is_charge_refundable livemode",
    times: "created",
    json: """
      balance_transactions enhanced_eligibility_types evidence evidence_details metadata \
      payment_method_details
      """)

  static let paymentIntent = make(
    texts: """
      cancellation_reason capture_method confirmation_method currency customer_account description id \
      object receipt_email setup_future_usage source statement_descriptor statement_descriptor_suffix \
      status transfer_group
      """,
    references: "application customer latest_charge on_behalf_of payment_method review",
    integers: "amount amount_capturable amount_received application_fee_amount",
    booleans: "livemode",
    times: "canceled_at created",
    json: """
      amount_details automatic_payment_methods excluded_payment_method_types last_payment_error \
      managed_payments metadata next_action payment_method_configuration_details payment_method_options \
      payment_method_types processing shipping transfer_data
      """)

  static let paymentMethod = make(
    texts: "allow_redisplay customer_account id object type",
    references: "customer",
    booleans: "livemode",
    times: "created",
    json: "billing_details card metadata")

  static let setupIntent = make(
    texts: "cancellation_reason description id object status usage",
    references: "application customer latest_attempt mandate on_behalf_of payment_method single_use_mandate",
    booleans: "livemode",
    times: "created",
    json: """
      automatic_payment_methods excluded_payment_method_types flow_directions last_setup_error metadata \
      next_action payment_method_configuration_details payment_method_options payment_method_types
      """)

  static let checkoutSession = make(
    texts: """
      allow_promotion_codes billing_address_collection cancel_url client_reference_id currency \
      customer_account customer_creation customer_email discounts id integration_identifier locale mode \
      object origin_context payment_method_collection payment_status recovered_from status submit_type \
      success_url ui_mode url
      """,
    references: "customer invoice payment_intent payment_link setup_intent subscription",
    integers: "amount_subtotal amount_total",
    booleans: "livemode",
    times: "created expires_at",
    json: """
      adaptive_pricing after_expiration automatic_tax collected_information consent consent_collection \
      currency_conversion custom_fields custom_text customer_details invoice_creation managed_payments \
      metadata payment_method_configuration_details payment_method_options payment_method_types \
      permissions phone_number_collection saved_payment_method_options shipping_address_collection \
      shipping_cost shipping_options total_details wallet_options
      """)

  static let balanceTransaction = make(
    texts: "balance_type currency description id object reporting_category source status type",
    integers: "amount fee net",
    decimals: "exchange_rate",
    times: "available_on created",
    json: "fee_details")

  static let payout = make(
    texts: """
      currency description failure_code failure_message id method object payout_method \
      reconciliation_status source_type statement_descriptor status type
      """,
    references: """
      application_fee balance_transaction destination failure_balance_transaction original_payout \
      reversed_by
      """,
    integers: "amount application_fee_amount",
    booleans: "automatic livemode",
    times: "arrival_date created",
    json: "metadata trace_id")
}
