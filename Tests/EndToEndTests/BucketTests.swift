import TestSupport
import Testing

/// Files of a folder as a table, through the program.
@Suite struct BucketTests {
  @Test func `a dry run shows columns and types, and stores nothing`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,amount,placed\n1,1.50,2024-02-29\n")
    try bucket.write("2.csv", "id,amount,placed\n2,x,2024-03-01\n")
    let shown = try await bucket.link("*.csv", "--dry-run").stdout
    #expect(shown.contains("Would link files"))
    #expect(shown.contains("2 files match"))
    for line in ["id bigint", "amount text", "placed date"] {
      let words = line.split(separator: " ")
      #expect(shown.split(separator: "\n").contains { $0.split(separator: " ").prefix(2) == words[...] }, "\(line) in \(shown)")
    }
    #expect(try bucket.warehouse("SELECT count(*) FROM hedgerow.source") == "0")
  }

  @Test func `types are those that were asked for`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,amount,code\n1,1.5,007\n")
    try await bucket.link("*.csv", "types=amount:numeric(12,2),code:integer")
    try await bucket.sync()
    #expect(try bucket.types() == ["id bigint", "amount numeric(12,2)", "code integer"])
    #expect(try bucket.rows("id, amount, code") == ["1|1.50|7"])
    let refused = try await BucketFixture().hedgerow(
      ["link", "file", "files", "url=file://\(bucket.folder)/*.csv", "types=amont:text"], expecting: 2)
    #expect(refused.stderr.contains("the files have no column amont"))
  }

  @Test func `new files are appended once`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n2,b\n")
    try await bucket.link("**/*.csv*", "provenance=on")
    try await bucket.sync()
    try bucket.write("sub/2.csv", "id,note\n3,c\n")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|1|0|0|0")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|0|0|0|0")
    let from = try bucket.rows("id, note, _hedgerow_file, _hedgerow_row")
    #expect(from == ["1|a|\(bucket.folder)/1.csv|1", "2|b|\(bucket.folder)/1.csv|2", "3|c|\(bucket.folder)/sub/2.csv|1"])
    let verified = try await bucket.hedgerow(["verify", "files"])
    #expect(verified.stdout.contains("equal"))
  }

  @Test(arguments: ["reload", "append", "error"])
  func `an overwritten file does what was chosen`(choice: String) async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n2,b\n")
    try bucket.write("2.csv", "id,note\n3,c\n")
    try await bucket.link("*.csv", "changed=\(choice)")
    try await bucket.sync()
    try bucket.write("1.csv", "id,note\n1,new\n")
    let result = try await bucket.sync(expecting: choice == "error" ? 1 : 0)
    switch choice {
    case "reload":
      #expect((result.stdout + result.stderr).contains("1.csv was overwritten (changed=reload)"))
      #expect(try bucket.rows("id, note") == ["1|new", "3|c"])
    case "append": #expect(try bucket.rows("id, note") == ["1|a", "1|new", "2|b", "3|c"])
    default:
      #expect((result.stdout + result.stderr).contains("\(bucket.folder)/1.csv was loaded, and is another file now"))
      #expect(try bucket.rows("id, note") == ["1|a", "2|b", "3|c"])
      try await bucket.hedgerow(["reload", "files"])
      try await bucket.sync()
      #expect(try bucket.rows("id, note") == ["1|new", "3|c"])
    }
  }

  @Test(arguments: ["keep", "remove"])
  func `a deleted file's rows stay or go`(choice: String) async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try bucket.write("2.csv", "id,note\n2,b\n")
    try await bucket.link("*.csv", "deleted=\(choice)")
    try await bucket.sync()
    bucket.remove("1.csv")
    let result = try await bucket.sync()
    let said = result.stdout + result.stderr
    #expect(try bucket.rows("id, note") == (choice == "keep" ? ["1|a", "2|b"] : ["2|b"]))
    #expect(said.contains(choice == "keep" ? "1 file is gone from the bucket; the rows stay" : "1.csv was deleted (deleted=remove)"))
  }

  @Test func `of rows with one key the newest file's counts`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("b.csv", "id,note\n1,old\n2,old\n2,twice\n")
    // The clock of a folder is fine enough; its name alone would put it first.
    try bucket.write("a.csv", "id,note\n1,new\n3,new\n")
    try await bucket.link("*.csv", "primary_key=id")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|new", "2|twice", "3|new"])
    try bucket.write("c.csv", "id,note\n3,newest\n4,new\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|new", "2|twice", "3|newest", "4|new"])
    try bucket.write("b.csv", "id,note\n2,again\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|new", "2|again", "3|newest", "4|new"])
  }

  @Test func `a full refresh takes what is there`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try await bucket.link("*.csv", "--mode", "full_refresh")
    try await bucket.sync()
    try bucket.write("2.csv", "id,note\n2,b\n")
    bucket.remove("1.csv")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["2|b"])
  }

  @Test func `folders of Hive are columns`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("dt=2024-02-29/country=de/1.csv", "id,amount\n1,5\n")
    try bucket.write("dt=2024-03-01/country=__HIVE_DEFAULT_PARTITION__/1.csv", "id,amount\n2,6\n")
    try bucket.write("dt=2024-03-01/_SUCCESS", "")
    try await bucket.link("**")
    try await bucket.sync()
    #expect(try bucket.types() == ["id bigint", "amount bigint", "dt date", "country text"])
    #expect(try bucket.rows("id, amount, dt, country") == ["1|5|2024-02-29|de", "2|6|2024-03-01|"])
  }

  @Test func `a value of another type late in a file widens its column`() async throws {
    let bucket = try BucketFixture()
    let many = (0..<120_000).map { "\($0),\($0)\n" }.joined()
    try bucket.write("1.csv", "id,v\n\(many)120000,not a number\n")
    let linked = try await bucket.link("*.csv")
    #expect(linked.stdout.split(separator: "\n").contains { $0.split(separator: " ").prefix(2) == ["v", "bigint"] })
    let said = try await bucket.sync()
    #expect((said.stdout + said.stderr).contains("v becomes text"))
    #expect(try bucket.count == 120_001)
    #expect(try bucket.types() == ["id bigint", "v text"])
    try bucket.write("2.csv", "id,v\nx,1\n")
    try await bucket.sync()
    #expect(try bucket.types() == ["id text", "v text"])
    #expect(try bucket.count == 120_002)
  }

  @Test func `a column that comes with a later file is added and told`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try await bucket.link("*.csv")
    try await bucket.sync()
    try bucket.write("2.csv", "note,extra,id\nb,x,2\n")
    #expect(try await bucket.sync().stderr.contains("column extra (text) is new at the source, and was added"))
    #expect(try bucket.rows("id, note, extra") == ["1|a|", "2|b|x"])
    let history = try await bucket.hedgerow(["history", "files"])
    #expect(history.stdout.contains("completed"))
  }

  @Test func `a broken row names file, row and byte, and may be put aside`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try bucket.write("2.csv", "id,note\n2,b\n3\n4,d\n")
    try await bucket.link("*.csv")
    let failed = try await bucket.sync(expecting: 1)
    #expect((failed.stdout + failed.stderr).contains("\(bucket.folder)/2.csv, row 2, byte 12: the row has 1 field, not 2"))
    #expect(try bucket.warehouse("SELECT to_regclass('warehouse.files') IS NULL") == "t")
    try await bucket.set("max_rejects=1")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|a", "2|b", "4|d"])
    #expect(try bucket.newest() == "completed|4|0|0|1")
    #expect(try bucket.warehouse("SELECT row_key FROM hedgerow.rejects") == "\(bucket.folder)/2.csv, row 2, byte 12")
    try bucket.write("3.csv", "id,note\n5\n6\n")
    try await bucket.sync(expecting: 1)
    #expect(try bucket.count == 3)
    try await bucket.set("max_rejects=2")
    try await bucket.sync()
    #expect(try bucket.newest() == "completed|2|0|0|2")
  }

  @Test(arguments: [("where=id > 2", "no language that a filter could be written in")])
  func `what files cannot do is refused in words`(setting: String, words: String) async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try await bucket.link("*.csv", "types=note:text")
    try await bucket.sync()
    let refused = try await bucket.hedgerow(["set", "files.files", setting], expecting: 2)
    #expect(refused.stderr.contains(words))
    try await bucket.set("columns=id")
    try await bucket.sync()
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|a"])
    try bucket.write("2.csv", "id,note\n2,b\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|a", "2|"])
  }

  @Test func `the commands that look at a source know files`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", "id,note\n1,a\n")
    try await bucket.link("*.csv", "primary_key=id")
    try await bucket.sync()
    for (command, words) in [
      ("schemas", "warehouse.files"), ("status", "files.files"), ("history", "completed"), ("verify", "equal"), ("doctor", "1 file matches"),
    ] {
      let said = try await bucket.hedgerow(command == "status" || command == "doctor" ? [command] : [command, "files"])
      #expect(said.stdout.contains(words), "\(command)")
    }
    #expect(try await bucket.hedgerow(["kinds", "s3"]).stdout.contains("layout"))
    try await bucket.set("key=note", "deletes=hard")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|a"])
    try await bucket.hedgerow(["unlink", "files"])
    #expect(try bucket.warehouse("SELECT to_regclass('warehouse.files') IS NULL") == "t")
  }
}
