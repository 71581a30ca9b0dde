/// Cases that are known to fail, each with the reason. The suite expects that they do.
func knownGaps(_: Collation) -> [String: String] {
  [
    "err-unknown-column-007":
      "The case wants the error at the last id of the text, in c.id, which is not ambiguous; it is reported at the id after SELECT, which is."
  ]
}
