import TestSupport
import Testing

/// Files as Airbyte, Stitch and Fivetran write them, through the program.
@Suite struct BucketLayoutTests {
  private static let airbyte = "_airbyte_raw_id,_airbyte_extracted_at,_airbyte_generation_id,id,note\n"

  @Test func `of Airbyte's rows the newest of the highest generation counts`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("2024_01_01_1_0.csv", Self.airbyte + "a,2024-01-01T00:00:00Z,0,1,old generation\nb,2024-01-01T00:00:00Z,0,9,gone with it\n")
    try bucket.write("2024_01_02_1_0.csv", Self.airbyte + "c,2024-01-02T00:00:02Z,1,1,newer\nd,2024-01-02T00:00:01Z,1,1,older\ne,2024-01-02T00:00:00Z,1,2,b\n")
    try await bucket.link("*.csv", "primary_key=id")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|newer", "2|b"])
    // At least once: an old row comes again, after a newer one.
    try bucket.write("2024_01_03_1_0.csv", Self.airbyte + "d,2024-01-02T00:00:01Z,1,1,older\nf,2024-01-03T00:00:00Z,1,3,c\na,2024-01-04T00:00:00Z,0,7,of a lower generation\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|newer", "2|b", "3|c"])
    try bucket.write("2024_01_04_1_0.csv", Self.airbyte + "g,2024-01-04T00:00:00Z,2,1,fresh\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|fresh"])
  }

  @Test func `without a key every row of Airbyte's highest generation stays`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", Self.airbyte + "a,2024-01-01T00:00:00Z,0,1,x\n")
    try bucket.write("2.csv", Self.airbyte + "b,2024-01-02T00:00:00Z,1,1,y\nc,2024-01-02T00:00:01Z,1,1,z\n")
    try await bucket.link("*.csv")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|y", "1|z"])
    try bucket.write("3.csv", Self.airbyte + "d,2024-01-03T00:00:00Z,2,5,w\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["5|w"])
  }

  @Test func `Stitch's rejected files are left out, its newest sequence counts, and a deleted row goes`() async throws {
    let bucket = try BucketFixture()
    let head = "id,note,_sdc_sequence,_sdc_table_version,_sdc_deleted_at\n"
    try bucket.write("orders/1_1.csv", head + "1,a,10,1,\n2,b,11,1,\n1,newer,12,1,\n3,dead,13,1,2024-01-01T00:00:00Z\n")
    try bucket.write("orders/_sdc_rejected/1.jsonl", "{\"reason\": \"no\"}\n")
    try await bucket.link("**/*", "primary_key=id")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|newer", "2|b"])
    try bucket.write("orders/1_2.csv", head + "2,b,20,1,2024-02-01T00:00:00Z\n1,stale,5,1,\n4,d,21,1,\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["1|newer", "4|d"])
    #expect(try bucket.newest().hasPrefix("completed"))
    try bucket.write("orders/2_1.csv", head + "8,h,30,2,\n")
    try await bucket.sync()
    #expect(try bucket.rows("id, note") == ["8|h"])
  }

  @Test func `a list of Stitch's comes whole, with the newest version of its record`() async throws {
    let bucket = try BucketFixture()
    let head = "_sdc_source_key_id,_sdc_level_0_id,_sdc_sequence,item\n"
    try bucket.write("1.csv", head + "1,0,10,a\n1,1,10,b\n2,0,10,c\n")
    try bucket.write("2.csv", head + "1,0,20,d\n1,1,20,e\n1,2,20,f\n")
    try await bucket.link("*.csv")
    try await bucket.sync()
    #expect(try bucket.rows("_sdc_source_key_id, _sdc_level_0_id, item") == ["1|0|d", "1|1|e", "1|2|f", "2|0|c"])
  }

  @Test func `layout=none takes every row as it is`() async throws {
    let bucket = try BucketFixture()
    try bucket.write("1.csv", Self.airbyte + "a,2024-01-01T00:00:00Z,0,1,x\nb,2024-01-02T00:00:00Z,1,1,y\n")
    try await bucket.link("*.csv", "layout=none")
    try await bucket.sync()
    #expect(try bucket.count == 2)
  }
}
