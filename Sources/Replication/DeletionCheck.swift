import Catalogue
import Postgres
import SQLText
import Warehouse

/// Finds the rows that the source no longer has, and deletes or marks them. The keys are in
/// `pg_temp.hedgerow_keys`.
struct DeletionCheck {
  let job: SyncJob
  let opened: SyncJob.Opened

  private static let keys = Identifier("hedgerow_keys")

  func run(_ generation: String, _ counts: inout RowCounts, _ notes: inout [String]) async throws {
    let claim = job.claim
    let isSoft = claim.deletes == "soft"
    var shape = opened.shape
    shape.key = claim.key.map(SyncJob.warehouseName)
    let deletion = Deletion(shape: shape, generation: generation)
    try await job.warehouse.execute("ANALYZE pg_temp.\(Self.keys)")
    let row = try await job.warehouse.query(deletion.count(Self.keys, isSoft: isSoft))[0]
    let held = row.integer("held") ?? 0
    let gone = row.integer("gone") ?? 0
    guard gone > 0 else { return }
    if gone == held, !claim.allowEmpty {
      throw Failure(
        .permanent, "\(claim.label): the source has none of the \(held) rows that the table holds: none is deleted",
        hint: "If the source is meant to be empty: hedgerow set \(claim.label) allow_empty=true")
    }
    if Double(gone) > claim.maxDeletedShare * Double(held), gone > 100 || !claim.allowEmpty && gone == held {
      throw Failure(
        .permanent,
        "\(claim.label): \(gone) of \(held) rows are gone at the source, more than the share of \(claim.maxDeletedShare) that may be deleted at once: none is deleted",
        hint: "If that is right, let it through with: hedgerow set \(claim.label) max_deleted_share=1")
    }
    try await job.warehouse.execute(isSoft ? deletion.soft(Self.keys) : deletion.hard(Self.keys))
    if !isSoft { counts.deleted = Int(gone) }
    notes.append("\(gone) rows that are gone at the source were \(isSoft ? "marked in _hedgerow_deleted_at" : "deleted")")
  }
}
