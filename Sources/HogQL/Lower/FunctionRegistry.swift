/// Every name that HogQL knows, with its arity: what is not here does not exist, whatever Postgres has.
enum FunctionRegistry {
  struct Entry: Sendable {
    var kind: FunctionDefinition.Kind
    var arguments: ClosedRange<Int>
    /// 1 what analysts write every day, 2 common, 3 rare.
    var tier: Int
  }

  static let entries: [String: Entry] = read(lines)

  /// Names that are matched without regard to case, in lower case.
  static let caseInsensitive: Set<String> = Set(
    """
    abs max2 min2 length reverse isnull coalesce ifnull nullif now exp log ln log2 log10 sqrt sin cos tan asin acos \
    atan pow power sign degrees radians factorial floor ceil trunc round lower upper concat substring ascii position \
    extract replace trim btrim not if least greatest count min max sum avg sortablesemver
    """.split(separator: " ").map(String.init))

  /// The registered spelling of those names by their lower case.
  static let foldedNames: [String: String] = {
    var names: [String: String] = [:]
    for name in entries.keys.sorted() where caseInsensitive.contains(name.lowercased()) {
      if names[name.lowercased()] == nil || name == name.lowercased() { names[name.lowercased()] = name }
    }
    return names
  }()

  /// Each line: kind, fewest and most arguments (`*`: any number), tier, and the names.
  private static func read(_ text: String) -> [String: Entry] {
    var entries: [String: Entry] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let head = parts[0].split(separator: " ")
      guard head.count == 4, let kind = FunctionDefinition.Kind(rawValue: String(head[0])), let fewest = Int(head[1]),
        let tier = Int(head[3])
      else { continue }
      let most = Int(head[2]) ?? Int.max
      for name in parts[1].split(separator: " ") {
        entries[String(name)] = Entry(kind: kind, arguments: fewest...max(fewest, most), tier: tier)
      }
    }
    return entries
  }

  private static let lines = """
    scalar 0 0 1: today yesterday
    scalar 0 1 1: now
    scalar 0 * 1: array tuple
    scalar 1 1 1: abs arrayDistinct arrayJoin assumeNotNull cutQueryString domain empty isNotNull isnull length lower
    scalar 1 1 1: not notEmpty path toBool toDate toDayOfMonth toFloat toHour toInt toIntervalDay toIntervalHour
    scalar 1 1 1: toIntervalMinute toIntervalMonth toIntervalWeek toMinute toMonday toMonth toQuarter toStartOfHour
    scalar 1 1 1: toStartOfMinute toStartOfMonth toStartOfQuarter toStartOfYear toYear toYYYYMM upper
    scalar 1 2 1: arrayStringConcat arraySum ceil floor parseDateTimeBestEffort round toDateTime toStartOfDay
    scalar 1 2 1: toStartOfWeek toString toTimeZone toUnixTimestamp trim
    scalar 1 3 1: range toDateTime64 toDayOfWeek
    scalar 1 6 1: JSONExtractArrayRaw JSONExtractBool JSONExtractFloat JSONExtractInt JSONExtractRaw JSONExtractString
    scalar 1 6 1: JSONHas JSONLength
    scalar 1 * 1: arrayExists arraySort coalesce
    scalar 2 2 1: addDays addHours addMonths arrayElement divide endsWith equals extract extractAll extractURLParameter
    scalar 2 2 1: greater greaterOrEquals greatest has hasAny ifnull ilike in intDiv least left less lessOrEquals like
    scalar 2 2 1: match minus modulo multiply notEquals notILike notIn notLike nullif plus right startsWith subtractDays
    scalar 2 3 1: date_trunc dateAdd dateSub dateTrunc formatDateTime position splitByChar splitByString
    scalar 2 3 1: toStartOfInterval
    scalar 2 7 1: JSONExtract
    scalar 2 * 1: and arrayConcat arrayFilter arrayMap arrayZip concat or
    scalar 3 3 1: date_diff dateDiff if replace replaceAll replaceOne replaceRegexpAll replaceRegexpOne substring
    scalar 3 * 1: multiIf
    scalar 0 0 2: current_date current_timestamp e pi rand
    scalar 0 * 2: map
    scalar 1 1 2: acos arrayCompact arrayDifference arrayEnumerate arrayFlatten arrayPopBack arrayPopFront arrayProduct
    scalar 1 1 2: arrayReverse ascii asin atan base64Decode base64Encode bitCount bitNot cbrt cityHash64 cos cutFragment
    scalar 1 1 2: cutQueryStringAndFragment cutToFirstSignificantSubdomain cutWWW decodeURLComponent degrees
    scalar 1 1 2: domainWithoutWWW encodeURLComponent exp exp10 exp2 extractURLParameterNames extractURLParameters
    scalar 1 1 2: factorial firstSignificantSubdomain formatReadableDecimalSize formatReadableQuantity
    scalar 1 1 2: formatReadableSize fragment fromUnixTimestamp fromUnixTimestamp64Milli hex ifNotFinite initcap
    scalar 1 1 2: isFinite isInfinite isNaN isValidJSON lengthUTF8 ln log log10 log2 lowerUTF8 mapKeys mapValues MD5
    scalar 1 1 2: monthName negate netloc pathFull protocol queryString queryStringAndFragment radians reverse
    scalar 1 1 2: reverseUTF8 sign sin sqrt tan timeSlot timeZoneOf to_date toDayOfYear toFloat64 toFloat64OrNull
    scalar 1 1 2: toFloat64OrZero toFloatOrNull toFloatOrZero toInt64 toInt64OrNull toInt64OrZero toIntervalQuarter
    scalar 1 1 2: toIntervalSecond toIntervalYear toIntOrNull toIntOrZero toISOWeek toISOYear toJSONString
    scalar 1 1 2: toLastDayOfMonth toNullable toNullableString topLevelDomain toSecond toStartOfFifteenMinutes
    scalar 1 1 2: toStartOfFiveMinutes toStartOfISOYear toStartOfSecond toStartOfTenMinutes toTime toTypeName
    scalar 1 1 2: toUnixTimestamp64Milli toUUID toYYYYMMDD toYYYYMMDDhhmmss tryBase64Decode unhex untuple upperUTF8
    scalar 1 1 2: UUIDv7ToDateTime
    scalar 1 2 2: alphaTokens arrayAvg arrayMax arrayMin btrim formatReadableTimeDelta ltrim port roundBankers rtrim
    scalar 1 2 2: splitByNonAlpha splitByWhitespace to_timestamp toDateTimeUS toFloatOrDefault toIntOrDefault
    scalar 1 2 2: toLastDayOfWeek trimLeft trimRight trunc
    scalar 1 3 2: toWeek toYearWeek
    scalar 1 5 2: JSONExtractKeys
    scalar 1 6 2: JSONArrayLength JSONExtractKeysAndValuesRaw JSONExtractUInt JSONType
    scalar 1 * 2: arrayAll arrayCount arrayCumSum arrayIntersect arrayReverseSort arrayUniq
    scalar 2 2 2: accurateCastOrNull addMinutes addQuarters addSeconds addWeeks addYears arrayPushBack arrayPushFront
    scalar 2 2 2: arrayWithConstant atan2 bitAnd bitOr bitShiftLeft bitShiftRight bitTest bitXor countEqual countMatches
    scalar 2 2 2: cutURLParameter date_add date_part date_subtract dateName extractAllGroups extractGroups gcd hasAll
    scalar 2 2 2: hasSubstr hasToken indexOf intDivOrZero JSON_VALUE lcm mapApply mapContains mapFilter mapFromArrays
    scalar 2 2 2: max2 min2 moduloOrZero multiMatchAny multiSearchAny multiSearchAnyCaseInsensitive positiveModulo pow
    scalar 2 2 2: power repeat roundDown subtractHours subtractMinutes subtractMonths subtractQuarters subtractSeconds
    scalar 2 2 2: subtractWeeks subtractYears timezone toDecimal
    scalar 2 3 2: arrayResize arraySlice countSubstrings leftPad leftPadUTF8 locate parseDateTime
    scalar 2 3 2: positionCaseInsensitive positionCaseInsensitiveUTF8 positionUTF8 regexpExtract rightPad rightPadUTF8
    scalar 2 3 2: splitByRegexp to_char tupleElement
    scalar 2 7 2: JSONExtractKeysAndValues
    scalar 2 * 2: arrayEnumerateUniq arrayFirst arrayFirstIndex arrayLast arrayLastIndex arrayReduce concatWithSeparator
    scalar 2 * 2: format xor
    scalar 3 3 2: age date_bin lpad make_date rpad split_part substringUTF8 translate
    scalar 3 4 2: transform
    scalar 3 * 2: arrayFold
    scalar 4 4 2: width_bucket
    scalar 6 6 2: make_interval
    scalar 6 7 2: make_timestamp
    scalar 0 0 3: h3GetRes0Indexes rowNumberInAllBlocks rowNumberInBlock
    scalar 1 1 3: acosh arrayEnumerateDense asinh atanh base58Decode base58Encode bitmapBuild bitmapCardinality
    scalar 1 1 3: bitmapMax bitmapMin bitmapToArray cosh cutToFirstSignificantSubdomainWithWWW decodeURLFormComponent
    scalar 1 1 3: decodeXMLComponent defaultValueOfTypeName dynamicType encodeURLFormComponent encodeXMLComponent erf
    scalar 1 1 3: erfc extractIPv4Substrings extractTextFromHTML fromModifiedJulianDay geohashDecode h3CellAreaM2
    scalar 1 1 3: h3CellAreaRads2 h3EdgeAngle h3EdgeLengthKm h3EdgeLengthM h3ExactEdgeLengthKm h3ExactEdgeLengthM
    scalar 1 1 3: h3ExactEdgeLengthRads h3GetBaseCell h3GetDestinationIndexFromUnidirectionalEdge h3GetFaces
    scalar 1 1 3: h3GetIndexesFromUnidirectionalEdge h3GetOriginIndexFromUnidirectionalEdge h3GetPentagonIndexes
    scalar 1 1 3: h3GetResolution h3GetUnidirectionalEdgeBoundary h3GetUnidirectionalEdgesFromHexagon h3HexAreaKm2
    scalar 1 1 3: h3HexAreaM2 h3IsPentagon h3IsResClassIII h3IsValid h3NumHexagons h3ToGeo h3ToGeoBoundary h3ToString
    scalar 1 1 3: h3UnidirectionalEdgeIsValid indexHint intExp10 intExp2 IPv4NumToString IPv4StringToNum
    scalar 1 1 3: IPv4StringToNumOrDefault IPv4StringToNumOrNull IPv4ToIPv6 IPv6NumToString IPv6StringToNum
    scalar 1 1 3: IPv6StringToNumOrDefault IPv6StringToNumOrNull isIPv4String isIPv6String isValidUTF8 L1Norm
    scalar 1 1 3: L1Normalize L2Norm L2Normalize languageCodeToName lgamma LinfNorm LinfNormalize log1p nowInBlock
    scalar 1 1 3: regexpQuoteMeta reinterpretAsFloat32 reinterpretAsFloat64 reinterpretAsInt128 reinterpretAsInt16
    scalar 1 1 3: reinterpretAsInt256 reinterpretAsInt32 reinterpretAsInt64 reinterpretAsInt8 reinterpretAsUInt128
    scalar 1 1 3: reinterpretAsUInt16 reinterpretAsUInt256 reinterpretAsUInt32 reinterpretAsUInt64 reinterpretAsUInt8
    scalar 1 1 3: reinterpretAsUUID roundAge roundDuration roundToExp2 sinh stringToH3 tgamma timeZoneOffset toIPv4
    scalar 1 1 3: toIPv4OrNull toIPv4OrZero toIPv6 toIPv6OrNull toIPv6OrZero tokens toModifiedJulianDay toValidUTF8
    scalar 1 1 3: tryBase58Decode tupleNegate tupleToNameValuePairs URLHierarchy URLPathHierarchy
    scalar 1 2 3: toFloat64OrDefault toInt64OrDefault toIPv4OrDefault toIPv6OrDefault
    scalar 1 3 3: hopEnd hopStart mapPopulateSeries tumbleEnd tumbleStart
    scalar 1 * 3: arrayCumSumNonNegative
    scalar 2 2 3: accurateCast appendTrailingCharIfAbsent arrayAUC arrayRotateLeft arrayRotateRight bitHammingDistance
    scalar 2 2 3: bitmapAnd bitmapAndCardinality bitmapAndnot bitmapAndnotCardinality bitmapContains bitmapHasAll
    scalar 2 2 3: bitmapHasAny bitmapOr bitmapOrCardinality bitmapXor bitmapXorCardinality bitRotateLeft bitRotateRight
    scalar 2 2 3: cosineDistance countMatchesCaseInsensitive dotProduct extractAllGroupsHorizontal
    scalar 2 2 3: extractAllGroupsVertical h3Distance h3GetUnidirectionalEdge h3HexRing h3IndexesAreNeighbors h3kRing
    scalar 2 2 3: h3Line h3ToCenterChild h3ToChildren h3ToParent hasAllTokens hasAnyTokens hasSubsequence
    scalar 2 2 3: hasSubsequenceCaseInsensitive hasSubsequenceCaseInsensitiveUTF8 hasSubsequenceUTF8
    scalar 2 2 3: hasTokenCaseInsensitive hasTokenCaseInsensitiveOrNull hasTokenOrNull hypot IPv4CIDRToRange
    scalar 2 2 3: IPv6CIDRToRange isIPAddressInRange L1Distance L2Distance LinfDistance LpNorm LpNormalize
    scalar 2 2 3: mapContainsKeyLike mapExists mapExtractKeyLike mapUpdate multiMatchAllIndices multiMatchAnyIndex
    scalar 2 2 3: multiSearchAllPositions multiSearchAllPositionsCaseInsensitive
    scalar 2 2 3: multiSearchAllPositionsCaseInsensitiveUTF8 multiSearchAllPositionsUTF8
    scalar 2 2 3: multiSearchAnyCaseInsensitiveUTF8 multiSearchAnyUTF8 multiSearchFirstIndex
    scalar 2 2 3: multiSearchFirstIndexCaseInsensitive multiSearchFirstIndexCaseInsensitiveUTF8
    scalar 2 2 3: multiSearchFirstIndexUTF8 multiSearchFirstPosition multiSearchFirstPositionCaseInsensitive
    scalar 2 2 3: multiSearchFirstPositionCaseInsensitiveUTF8 multiSearchFirstPositionUTF8 ngramDistance
    scalar 2 2 3: ngramDistanceCaseInsensitive ngramDistanceCaseInsensitiveUTF8 ngramDistanceUTF8 ngrams ngramSearch
    scalar 2 2 3: ngramSearchCaseInsensitive ngramSearchCaseInsensitiveUTF8 ngramSearchUTF8 throwIf timeStampAdd
    scalar 2 2 3: timeStampSub toUUIDOrDefault tumble tupleDivide tupleDivideByNumber tupleHammingDistance tupleMinus
    scalar 2 2 3: tupleMultiply tupleMultiplyByNumber tuplePlus
    scalar 2 3 3: countSubstringsCaseInsensitive countSubstringsCaseInsensitiveUTF8 divideDecimal geohashEncode
    scalar 2 3 3: multiplyDecimal timeSlots
    scalar 2 * 3: arrayFill arrayReverseFill arrayReverseSplit arraySplit mapAdd mapSubtract pointInPolygon
    scalar 3 3 3: bitmapSubsetInRange bitmapSubsetLimit bitmapTransform bitSlice convertCharset cutIPv6 geoToH3 hop
    scalar 3 3 3: LpDistance multiFuzzyMatchAllIndices multiFuzzyMatchAny multiFuzzyMatchAnyIndex subBitmap
    scalar 3 3 3: translateUTF8
    scalar 3 * 3: bitTestAll bitTestAny
    scalar 4 4 3: bar geoDistance greatCircleAngle greatCircleDistance h3PointDistKm h3PointDistM h3PointDistRads
    scalar 5 5 3: geohashesInBox
    scalar 6 * 3: pointInEllipses
    scalar 7 7 3: aggregate_funnel aggregate_funnel_array aggregate_funnel_array_json aggregate_funnel_cohort
    scalar 7 7 3: aggregate_funnel_cohort_json aggregate_funnel_json aggregate_funnel_test make_timestamptz
    scalar 8 8 3: aggregate_funnel_array_trends aggregate_funnel_array_trends_json aggregate_funnel_array_trends_test
    scalar 8 8 3: aggregate_funnel_cohort_trends aggregate_funnel_cohort_trends_json aggregate_funnel_trends
    scalar 8 8 3: aggregate_funnel_trends_json
    aggregate 0 1 1: count
    aggregate 1 1 1: any anyLast avg countDistinct groupArray groupUniqArray max median min quantile stddevPop
    aggregate 1 1 1: stddevSamp sum topK
    aggregate 1 2 1: countIf
    aggregate 1 * 1: quantiles uniq uniqExact
    aggregate 2 2 1: argMax argMin avgIf groupArrayIf maxIf medianIf minIf quantileIf sumIf
    aggregate 2 * 1: uniqExactIf uniqIf
    aggregate 3 3 1: argMaxIf argMinIf
    aggregate 0 1 2: countArray countState
    aggregate 1 1 2: anyHeavy argMaxMerge array_agg avgArray avgMerge avgOrDefault avgOrNull avgState countMerge
    aggregate 1 1 2: deltaSum every groupArrayMovingAvg groupArrayMovingSum groupBitAnd groupBitOr groupBitXor
    aggregate 1 1 2: groupUniqArrayArray json_agg maxArray maxOrNull md5 medianExact medianExactHigh medianExactLow
    aggregate 1 1 2: minArray minOrNull quantileExact sumArray sumForEach sumMerge sumOrDefault sumOrNull sumState
    aggregate 1 1 2: uniqMerge uniqState varPop varSamp
    aggregate 1 2 2: countDistinctIf sumMap
    aggregate 1 99 2: windowFunnel
    aggregate 1 * 2: uniqCombined
    aggregate 2 2 2: anyIf anyLastIf argMaxState avgWeighted corr covarPop covarSamp groupUniqArrayIf quantilesIf
    aggregate 2 2 2: simpleLinearRegression stddevPopIf stddevSampIf string_agg
    aggregate 0 0 3: percentile_cont percentile_disc
    aggregate 0 1 3: countArrayOrDefault countArrayOrNull countForEach countForEachOrDefault countForEachOrNull countMap
    aggregate 0 1 3: countMapOrDefault countMapOrNull countMergeOrDefault countMergeOrNull countOrDefault countOrNull
    aggregate 0 1 3: countStateOrDefault countStateOrNull
    aggregate 1 1 3: argMinMerge avgArrayOrDefault avgArrayOrNull avgForEach avgForEachOrDefault avgForEachOrNull avgMap
    aggregate 1 1 3: avgMapMerge avgMapOrDefault avgMapOrNull avgMergeOrDefault avgMergeOrNull avgStateOrDefault
    aggregate 1 1 3: avgStateOrNull countDistinctArray countDistinctArrayOrDefault countDistinctArrayOrNull
    aggregate 1 1 3: countDistinctForEach countDistinctForEachOrDefault countDistinctForEachOrNull countDistinctMap
    aggregate 1 1 3: countDistinctMapOrDefault countDistinctMapOrNull countDistinctMerge countDistinctMergeOrDefault
    aggregate 1 1 3: countDistinctMergeOrNull countDistinctOrDefault countDistinctOrNull countDistinctState
    aggregate 1 1 3: countDistinctStateOrDefault countDistinctStateOrNull groupArraySample groupBitmap groupBitmapAnd
    aggregate 1 1 3: groupBitmapAndState groupBitmapOr groupBitmapOrState groupBitmapState groupBitmapXor kurtPop
    aggregate 1 1 3: kurtSamp maxArrayOrDefault maxArrayOrNull maxForEach maxForEachOrDefault maxForEachOrNull
    aggregate 1 1 3: maxMapOrDefault maxMapOrNull maxMerge maxMergeOrDefault maxMergeOrNull maxOrDefault maxState
    aggregate 1 1 3: maxStateOrDefault maxStateOrNull medianArray medianArrayOrDefault medianArrayOrNull medianBFloat16
    aggregate 1 1 3: medianDeterministic medianExactWeighted medianForEach medianForEachOrDefault medianForEachOrNull
    aggregate 1 1 3: medianMap medianMapOrDefault medianMapOrNull medianMerge medianMergeOrDefault medianMergeOrNull
    aggregate 1 1 3: medianOrDefault medianOrNull medianState medianStateOrDefault medianStateOrNull medianTDigest
    aggregate 1 1 3: medianTDigestWeighted medianTiming medianTimingWeighted minArrayOrDefault minArrayOrNull minForEach
    aggregate 1 1 3: minForEachOrDefault minForEachOrNull minMapOrDefault minMapOrNull minMerge minMergeOrDefault
    aggregate 1 1 3: minMergeOrNull minOrDefault minState minStateOrDefault minStateOrNull quantilesMerge quantilesState
    aggregate 1 1 3: skewPop skewSamp sumArrayOrDefault sumArrayOrNull sumForEachMerge sumForEachOrDefault
    aggregate 1 1 3: sumForEachOrNull sumForEachState sumMapMerge sumMapOrDefault sumMapOrNull sumMergeOrDefault
    aggregate 1 1 3: sumMergeOrNull sumStateOrDefault sumStateOrNull sumWithOverflow uniqMap uniqMapMerge uniqUpToMerge
    aggregate 1 2 3: countArgMax countArgMaxOrDefault countArgMaxOrNull countArgMin countArgMinOrDefault
    aggregate 1 2 3: countArgMinOrNull countArrayIf countArrayOrDefaultIf countArrayOrNullIf countForEachIf
    aggregate 1 2 3: countForEachOrDefaultIf countForEachOrNullIf countMapOrDefaultIf countMapOrNullIf countMergeIf
    aggregate 1 2 3: countMergeOrDefaultIf countMergeOrNullIf countOrDefaultIf countOrNullIf countStateIf
    aggregate 1 2 3: countStateOrDefaultIf countStateOrNullIf maxMap minMap
    aggregate 1 * 3: uniqCombined64 uniqExactMerge uniqExactState uniqHLL12 uniqTheta
    aggregate 2 2 3: anyHeavyIf argMinState avgArgMax avgArgMaxOrDefault avgArgMaxOrNull avgArgMin avgArgMinOrDefault
    aggregate 2 2 3: avgArgMinOrNull avgArrayIf avgArrayOrDefaultIf avgArrayOrNullIf avgForEachIf avgForEachOrDefaultIf
    aggregate 2 2 3: avgForEachOrNullIf avgMapMergeIf avgMapOrDefaultIf avgMapOrNullIf avgMergeIf avgMergeOrDefaultIf
    aggregate 2 2 3: avgMergeOrNullIf avgOrDefaultIf avgOrNullIf avgStateIf avgStateOrDefaultIf avgStateOrNullIf
    aggregate 2 2 3: contingency countDistinctArgMax countDistinctArgMaxOrDefault countDistinctArgMaxOrNull
    aggregate 2 2 3: countDistinctArgMin countDistinctArgMinOrDefault countDistinctArgMinOrNull countDistinctArrayIf
    aggregate 2 2 3: countDistinctArrayOrDefaultIf countDistinctArrayOrNullIf countDistinctForEachIf
    aggregate 2 2 3: countDistinctForEachOrDefaultIf countDistinctForEachOrNullIf countDistinctMapIf
    aggregate 2 2 3: countDistinctMapOrDefaultIf countDistinctMapOrNullIf countDistinctMergeIf
    aggregate 2 2 3: countDistinctMergeOrDefaultIf countDistinctMergeOrNullIf countDistinctOrDefaultIf
    aggregate 2 2 3: countDistinctOrNullIf countDistinctStateIf countDistinctStateOrDefaultIf countDistinctStateOrNullIf
    aggregate 2 2 3: cramersV cramersVBiasCorrected deltaSumIf deltaSumTimestamp groupArrayInsertAt
    aggregate 2 2 3: groupArrayMovingAvgIf groupArrayMovingSumIf groupArraySampleIf groupBitAndIf groupBitmapAndIf
    aggregate 2 2 3: groupBitmapIf groupBitmapOrIf groupBitmapXorIf groupBitOrIf groupBitXorIf groupUniqArrayArrayIf
    aggregate 2 2 3: kurtPopIf kurtSampIf maxArgMax maxArgMaxOrDefault maxArgMaxOrNull maxArgMin maxArgMinOrDefault
    aggregate 2 2 3: maxArgMinOrNull maxArrayIf maxArrayOrDefaultIf maxArrayOrNullIf maxForEachIf maxForEachOrDefaultIf
    aggregate 2 2 3: maxForEachOrNullIf maxIntersections maxIntersectionsPosition maxMapOrDefaultIf maxMapOrNullIf
    aggregate 2 2 3: maxMergeIf maxMergeOrDefaultIf maxMergeOrNullIf maxOrDefaultIf maxOrNullIf maxStateIf
    aggregate 2 2 3: maxStateOrDefaultIf maxStateOrNullIf medianArgMax medianArgMaxOrDefault medianArgMaxOrNull
    aggregate 2 2 3: medianArgMin medianArgMinOrDefault medianArgMinOrNull medianArrayIf medianArrayOrDefaultIf
    aggregate 2 2 3: medianArrayOrNullIf medianBFloat16If medianDeterministicIf medianExactHighIf medianExactIf
    aggregate 2 2 3: medianExactLowIf medianExactWeightedIf medianForEachIf medianForEachOrDefaultIf
    aggregate 2 2 3: medianForEachOrNullIf medianMapIf medianMapOrDefaultIf medianMapOrNullIf medianMergeIf
    aggregate 2 2 3: medianMergeOrDefaultIf medianMergeOrNullIf medianOrDefaultIf medianOrNullIf medianStateIf
    aggregate 2 2 3: medianStateOrDefaultIf medianStateOrNullIf medianTDigestIf medianTDigestWeightedIf medianTimingIf
    aggregate 2 2 3: medianTimingWeightedIf minArgMax minArgMaxOrDefault minArgMaxOrNull minArgMin minArgMinOrDefault
    aggregate 2 2 3: minArgMinOrNull minArrayIf minArrayOrDefaultIf minArrayOrNullIf minForEachIf minForEachOrDefaultIf
    aggregate 2 2 3: minForEachOrNullIf minMapOrDefaultIf minMapOrNullIf minMergeIf minMergeOrDefaultIf minMergeOrNullIf
    aggregate 2 2 3: minOrDefaultIf minOrNullIf minStateIf minStateOrDefaultIf minStateOrNullIf quantilesMergeIf
    aggregate 2 2 3: quantilesStateIf skewPopIf skewSampIf sumArgMax sumArgMaxOrDefault sumArgMaxOrNull sumArgMin
    aggregate 2 2 3: sumArgMinOrDefault sumArgMinOrNull sumArrayIf sumArrayOrDefaultIf sumArrayOrNullIf sumForEachIf
    aggregate 2 2 3: sumForEachOrDefaultIf sumForEachOrNullIf sumMapMergeIf sumMapOrDefaultIf sumMapOrNullIf sumMergeIf
    aggregate 2 2 3: sumMergeOrDefaultIf sumMergeOrNullIf sumOrDefaultIf sumOrNullIf sumStateIf sumStateOrDefaultIf
    aggregate 2 2 3: sumStateOrNullIf sumWithOverflowIf theilsU uniqMapMergeIf uniqMergeIf uniqStateIf varPopIf
    aggregate 2 2 3: varSampIf
    aggregate 2 3 3: avgMapIf avgMapState countArgMaxIf countArgMaxOrDefaultIf countArgMaxOrNullIf countArgMinIf
    aggregate 2 3 3: countArgMinOrDefaultIf countArgMinOrNullIf countMapIf maxMapIf minMapIf sumMapIf
    aggregate 2 * 3: uniqHLL12If uniqThetaIf
    aggregate 3 3 3: avgArgMaxIf avgArgMaxOrDefaultIf avgArgMaxOrNullIf avgArgMinIf avgArgMinOrDefaultIf
    aggregate 3 3 3: avgArgMinOrNullIf avgWeightedIf contingencyIf countDistinctArgMaxIf countDistinctArgMaxOrDefaultIf
    aggregate 3 3 3: countDistinctArgMaxOrNullIf countDistinctArgMinIf countDistinctArgMinOrDefaultIf
    aggregate 3 3 3: countDistinctArgMinOrNullIf covarPopIf covarSampIf cramersVBiasCorrectedIf cramersVIf
    aggregate 3 3 3: deltaSumTimestampIf groupArrayInsertAtIf maxArgMaxIf maxArgMaxOrDefaultIf maxArgMaxOrNullIf
    aggregate 3 3 3: maxArgMinIf maxArgMinOrDefaultIf maxArgMinOrNullIf maxIntersectionsIf maxIntersectionsPositionIf
    aggregate 3 3 3: medianArgMaxIf medianArgMaxOrDefaultIf medianArgMaxOrNullIf medianArgMinIf medianArgMinOrDefaultIf
    aggregate 3 3 3: medianArgMinOrNullIf minArgMaxIf minArgMaxOrDefaultIf minArgMaxOrNullIf minArgMinIf
    aggregate 3 3 3: minArgMinOrDefaultIf minArgMinOrNullIf simpleLinearRegressionIf sumArgMaxIf sumArgMaxOrDefaultIf
    aggregate 3 3 3: sumArgMaxOrNullIf sumArgMinIf sumArgMinOrDefaultIf sumArgMinOrNullIf theilsUIf
    window 0 0 1: dense_rank rank row_number
    window 1 1 1: first_value last_value
    window 1 3 1: lag lagInFrame lead leadInFrame
    window 2 2 2: nth_value
    posthog 1 1 2: matchesAction sortablesemver sparkline
    posthog 3 4 2: convertCurrency
    posthog 1 1 3: explainCSPReport getBotName getBotOperator getBotType getTrafficCategory getTrafficType isLikelyBot
    posthog 1 1 3: lookupDomainType lookupOrganicMediumType lookupOrganicSourceType lookupPaidMediumType
    posthog 1 1 3: lookupPaidSourceType
    posthog 1 2 3: embedText recordingButton
    posthog 1 3 3: getSurveyResponse uniqueSurveySubmissionsFilter
    posthog 1 * 3: jev
    table 1 2 2: numbers
    table 3 3 2: generateSeries
    """
}
