// Functions of the product that need more than the warehouse.

extension FunctionTable {
  static let productFunctions: [FunctionDefinition] = [
    .unsupported(
      "matchesAction", "uniqueSurveySubmissionsFilter", "getSurveyResponse",
      reason: "needs the actions and surveys of the product, which are not in the warehouse."),
    .unsupported(
      "convertCurrency", reason: "needs the product's table of exchange rates; join a table of rates instead."),
    .unsupported(
      "sparkline", "recordingButton", "explainCSPReport", "embedText", "jev",
      reason: "needs the product's screens or services, not a database."),
    .unsupported(
      "lookupDomainType", "lookupOrganicMediumType", "lookupOrganicSourceType", "lookupPaidMediumType",
      "lookupPaidSourceType", "getBotName", "getBotOperator", "getBotType", "getTrafficCategory", "getTrafficType",
      "isLikelyBot", reason: "needs the product's dictionaries of sources and bots."),
    .unsupported(
      "aggregate_funnel", "aggregate_funnel_array", "aggregate_funnel_array_json", "aggregate_funnel_array_trends",
      "aggregate_funnel_array_trends_json", "aggregate_funnel_array_trends_test", "aggregate_funnel_cohort",
      "aggregate_funnel_cohort_json", "aggregate_funnel_cohort_trends", "aggregate_funnel_cohort_trends_json",
      "aggregate_funnel_json", "aggregate_funnel_test", "aggregate_funnel_trends", "aggregate_funnel_trends_json",
      reason: "needs a program that the product installs on its servers; use windowFunnel."),
  ]
}
