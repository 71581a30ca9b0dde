/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was expected or is wrong, for instance `expected a comma or "]"`. Quotes nothing of the text,
  /// which may be secret.
  public let reason: String
  /// The position in bytes of UTF-8, from 0.
  public let offset: Int

  public var description: String { "The JSON text is wrong at byte \(offset): \(reason)." }
}
