import LocalPostgres
import Service
import Terminal

/// The way of an answer to standard output. A slow reader, such as a pager, does not hold up the query: its snapshot
/// would keep a refresh from bringing in its tables.
struct QueryAnswer {
  /// What writers write to.
  let stream: TerminalStream
  private let out: TerminalStream
  private let spool = OutputSpool()
  private let drained: AsyncStream<Never>

  init(to out: TerminalStream) {
    let (drained, end) = AsyncStream<Never>.makeStream()
    let spool = spool
    OwnThread.run {
      spool.drain(into: out)
      end.finish()
    }
    self.out = out
    self.drained = drained
    stream = out.writing { spool.write($0) }
  }

  /// - Throws: where what was written cannot arrive any more.
  func check() throws {
    if let error = out.error { throw error }
    guard let error = spool.error else { return }
    throw Complaint(
      "what its reader has not taken yet of the answer cannot be kept in \(error.folder): \(error.message)",
      hint: "Let TMPDIR name a folder with room, write the answer to a file, or take fewer rows.", exitCode: Complaint.failed)
  }

  /// Waits until the reader has everything.
  func end() async throws {
    spool.close()
    for await _ in drained {}
    try Task.checkCancellation()
    try check()
  }
}
