// Functions that HogQL knows and that have no form here, with the reason.

extension FunctionTable {
  static let withoutPostgresForm: [FunctionDefinition] = [
    .unsupported(
      "geoToH3", "h3CellAreaM2", "h3CellAreaRads2", "h3Distance", "h3EdgeAngle", "h3EdgeLengthKm", "h3EdgeLengthM",
      "h3ExactEdgeLengthKm", "h3ExactEdgeLengthM", "h3ExactEdgeLengthRads", "h3GetBaseCell",
      "h3GetDestinationIndexFromUnidirectionalEdge", "h3GetFaces", "h3GetIndexesFromUnidirectionalEdge",
      "h3GetOriginIndexFromUnidirectionalEdge", "h3GetPentagonIndexes", "h3GetRes0Indexes", "h3GetResolution",
      "h3GetUnidirectionalEdge", "h3GetUnidirectionalEdgeBoundary", "h3GetUnidirectionalEdgesFromHexagon",
      "h3HexAreaKm2", "h3HexAreaM2", "h3HexRing", "h3IndexesAreNeighbors", "h3IsPentagon", "h3IsResClassIII",
      "h3IsValid", "h3Line", "h3NumHexagons", "h3PointDistKm", "h3PointDistM", "h3PointDistRads", "h3ToCenterChild",
      "h3ToChildren", "h3ToGeo", "h3ToGeoBoundary", "h3ToParent", "h3ToString", "h3UnidirectionalEdgeIsValid",
      "h3kRing", "stringToH3",
      reason: "needs a library of hexagonal grids (H3), which Postgres has not."),
    .unsupported(
      "geoDistance", "geohashDecode", "geohashEncode", "geohashesInBox", "greatCircleAngle", "greatCircleDistance",
      "pointInEllipses", "pointInPolygon",
      reason: "needs geometry, which Postgres has not by itself."),
    .unsupported(
      "bitmapAnd", "bitmapAndCardinality", "bitmapAndnot", "bitmapAndnotCardinality", "bitmapBuild",
      "bitmapCardinality", "bitmapContains", "bitmapHasAll", "bitmapHasAny", "bitmapMax", "bitmapMin", "bitmapOr",
      "bitmapOrCardinality", "bitmapSubsetInRange", "bitmapSubsetLimit", "bitmapToArray", "bitmapTransform",
      "bitmapXor", "bitmapXorCardinality", "subBitmap",
      reason: "works on ClickHouse's compressed bitmaps; use arrays, with arrayIntersect and arrayDistinct."),
    .unsupported(
      "rowNumberInAllBlocks", "rowNumberInBlock",
      reason: "numbers the blocks in which ClickHouse reads; use row_number() OVER () instead."),
    .unsupported("bar", reason: "draws bars of text, which is left to what shows the result."),
    .unsupported(
      "throwIf",
      reason: "stops the query with an error, which a result cannot depend on here."),
  ]
}
