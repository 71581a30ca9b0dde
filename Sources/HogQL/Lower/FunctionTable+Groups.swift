extension FunctionTable {
  /// The functions by area, one file each. A definition of a later group replaces an earlier one of the same name.
  static let groups: [[FunctionDefinition]] = [
    operators, conditionals, structures, productFunctions, basicAggregates, strings, urls, json, conversions, dates,
    intervals, numbers, arrays, tuplesAndMaps, aggregates, quantiles, windows,
  ]
}
